package unweave.bench.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import unweave.audio.file.SampleFormat;
import unweave.audio.file.Sound;
import unweave.audio.file.SoundFiles;
import unweave.audio.file.SoundFormatException;
import unweave.drsa.SubspaceFile;
import unweave.engine.file.StateDict;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.engine.onnx.MutatedOnnxTest;
import unweave.engine.onnx.OnnxFile;
import unweave.engine.onnx.OnnxTensor;
import unweave.engine.torch.TensorNames;
import unweave.engine.torch.TorchFile;
import unweave.engine.torch.TorchSeeds;
import unweave.engine.train.Checkpoint;
import unweave.engine.train.CheckpointSeed;
import unweave.explain.AudioModel;
import unweave.explain.ExampleNetwork;
import unweave.explain.data.NpyFile;
import unweave.explain.data.SoundCollection;
import unweave.explain.frontend.FrontEnds;
import unweave.explain.imports.LabelFile;
import unweave.explain.output.NpyWriter;
import unweave.explain.preset.Preset;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.cpu.CpuBackend;

/**
 * The readers of files for Jazzer. Each file is read, or refused in one line that names it, within 2 s of computing and
 * 512 MB; {@code bench/fuzz/run} starts it.
 */
public final class Fuzz {
    private static final long MOST_BYTES = 512L << 20;
    private static final long LONGEST_NANOSECONDS = 2_000_000_000L;
    private static final int TONE = 400;

    private static final Backend BACKEND = CpuBackend.create(1);

    /** Reads a file that may be damaged. */
    private interface Reader {
        void read(Path file) throws IOException;
    }

    /** Writes files to begin with into a folder. */
    private interface Seeds {
        void write(Path folder) throws IOException;
    }

    /** @param ending of the file's name */
    private record Target(String ending, Seeds seeds, Reader reader) {}

    private static final Map<String, Target> TARGETS = targets();

    private static Target target;
    private static Path file;

    private Fuzz() {}

    private static Map<String, Target> targets() {
        Map<String, Target> targets = new TreeMap<>();
        for (String ending : List.of("wav", "aiff", "au")) {
            targets.put(ending, new Target(ending, folder -> writeSound(folder, ending), SoundFiles::read));
        }
        for (String ending : List.of("flac", "mp3", "ogg")) {
            targets.put(ending, new Target(ending, folder -> copyChirp(folder, ending), SoundFiles::read));
        }
        targets.put("model", new Target("safetensors", Fuzz::writeModel, file -> AudioModel.load(file, BACKEND)
                .close()));
        targets.put("subspaces", new Target("safetensors", Fuzz::writeSubspaces, SubspaceFile::load));
        targets.put("checkpoint", new Target("safetensors", CheckpointSeed::write, Checkpoint::read));
        targets.put("preset", new Target("json", Fuzz::writePresets, file -> Preset.of(file.toString())));
        targets.put("front-end", new Target("json", Fuzz::writeFrontEnds, file -> FrontEnds.of(file.toString())));
        targets.put(
                "network",
                new Target(
                        "json",
                        folder -> write(folder, NETWORK),
                        file -> ModelDescription.readNetwork(file, List.of())));
        targets.put("names", new Target("json", folder -> write(folder, NAMES), TensorNames::read));
        targets.put("labels", new Target("txt", folder -> write(folder, "down\ngo\nfl\u00f6te\n"), LabelFile::read));
        targets.put("manifest", new Target("csv", folder -> write(folder, MANIFEST), SoundCollection::open));
        targets.put("npy", new Target("npy", Fuzz::writeArray, NpyFile::read));
        targets.put("onnx", new Target("onnx", Fuzz::writeOnnx, file -> OnnxFile.open(file)
                .initializers()
                .values()
                .forEach(OnnxTensor::floats)));
        targets.put("pth", new Target("pth", TorchSeeds::write, Fuzz::readTorch));
        return targets;
    }

    /** Writes the files to begin with: READER FOLDER; without arguments, prints the names of all readers. */
    public static void main(String[] args) throws IOException {
        if (args.length == 0) {
            System.out.println(String.join(" ", TARGETS.keySet()));
            return;
        }
        TARGETS.get(args[0]).seeds().write(Files.createDirectories(Path.of(args[1])));
    }

    /** What Jazzer calls first, with the name of the reader. */
    public static void fuzzerInitialize(String[] args) throws IOException {
        target = TARGETS.get(args[0]);
        Path folder = Files.createTempDirectory("fuzz");
        file = folder.resolve("file." + target.ending());
        if (args[0].equals("manifest")) { // the rows of the first seed name them
            ExampleNetwork.writeTone(folder.resolve("a.wav"), 500, TONE);
            ExampleNetwork.writeTone(folder.resolve("b.wav"), 700, TONE);
        }
        if (args[0].equals("onnx")) {
            Files.write(folder.resolve("net.data"), new byte[32]);
        }
        loadClasses(Files.createDirectory(folder.resolve("seeds")));
    }

    /** Jazzer changes classes while they are loaded, which would count as what the first file takes. */
    private static void loadClasses(Path folder) throws IOException {
        target.seeds().write(folder);
        try (Stream<Path> seeds = Files.list(folder)) {
            for (Path seed : seeds.toList()) {
                Files.copy(seed, file, StandardCopyOption.REPLACE_EXISTING);
                target.reader().read(file);
            }
        }
    }

    /** What Jazzer calls with each file. */
    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        long start = threads.getCurrentThreadCpuTime();
        try {
            target.reader().read(file);
        } catch (BadInputException | SoundFormatException e) {
            String line = e.getMessage();
            if (!line.contains(file.getFileName() + ": ") || line.chars().anyMatch(c -> c < ' ')) {
                throw new AssertionError("not one line that names the file: " + line, e);
            }
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        long nanoseconds = threads.getCurrentThreadCpuTime() - start;
        if (allocated > MOST_BYTES || nanoseconds > LONGEST_NANOSECONDS) {
            throw new AssertionError("took " + nanoseconds / 1e9 + " s and " + allocated + " bytes");
        }
    }

    private static void write(Path folder, String text) throws IOException {
        Files.writeString(folder.resolve("first"), text);
    }

    private static void writeSound(Path folder, String ending) throws IOException {
        Path sound = folder.resolve("first." + ending);
        SoundFiles.write(sound, Sound.ofMono(new float[TONE], 8000), SampleFormat.PCM_16);
    }

    private static void copyChirp(Path folder, String ending) throws IOException {
        Path chirp = Path.of("audio/src/test/resources/unweave/audio/file/chirp." + ending);
        Files.write(folder.resolve("first"), Files.readAllBytes(chirp));
    }

    private static void writeModel(Path folder) throws IOException {
        ExampleNetwork.writeFiles(folder, BACKEND);
        Files.delete(folder.resolve("subspaces.safetensors"));
    }

    private static void writeSubspaces(Path folder) throws IOException {
        try (Model model = ExampleNetwork.model(BACKEND, 1)) {
            SubspaceFile.save(folder.resolve("first"), ExampleNetwork.subspaces(model, 0));
        }
    }

    private static void writePresets(Path folder) throws IOException {
        for (String name : Preset.NAMES) {
            Files.writeString(folder.resolve(name), Preset.text(name));
        }
    }

    private static void writeFrontEnds(Path folder) throws IOException {
        for (String name : FrontEnds.NAMES) {
            Files.writeString(folder.resolve(name), FrontEnds.text(name));
        }
    }

    private static void writeArray(Path folder) throws IOException {
        NpyWriter.write(folder.resolve("first"), new float[] {1, 2, 3, 4, 5, 6}, 1, 2, 3);
    }

    private static void writeOnnx(Path folder) throws IOException {
        Files.write(folder.resolve("first"), MutatedOnnxTest.model());
    }

    private static void readTorch(Path file) throws IOException {
        try (StateDict tensors = TorchFile.open(file)) {
            for (String name : tensors.names()) {
                tensors.floats(name);
            }
        }
    }

    private static final String NETWORK =
            """
            {"input": {"height": 4, "width": 6, "channels": 2}, "layers": [
              {"name": "conv", "kind": "conv", "filters": 2, "kernel": [3, 1], "padding": "same", "bias": false},
              {"name": "bn", "kind": "batchnorm", "epsilon": 1e-5}, {"name": "relu", "kind": "relu"},
              {"name": "pool", "kind": "maxpool", "window": [2, 2], "inputs": ["relu"]},
              {"name": "flatten", "kind": "flatten"}, {"name": "out", "kind": "dense", "units": 3}]}
            """;
    private static final String NAMES =
            "{\"conv1\": \"features.0\", \"pos.value\": \"pos_embed\", \"leave out\": [\"decoder\", \"head\"]}";
    private static final String MANIFEST =
            "path,label,split\na.wav,one,train\n# remark\nb.wav,\"fl\u00f6te\n2\",test\n";
}
