package unweave.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import unweave.engine.file.SafeTensorsWriter;
import unweave.explain.ExampleNetwork;
import unweave.kernels.Backend;
import unweave.kernels.cpu.CpuBackend;

/**
 * Commands are killed ({@code kill -9}) at random times and run again. After a kill no file is half-written; the second
 * run ends with the bytes of a run that was not killed, and leaves nothing behind. Measured seconds are left out.
 *
 * <p>{@code java -cp ... unweave.cli.KillCampaign FOLDER KILLS SEED [COMMAND...]} prints what differed.
 */
public final class KillCampaign {
    private static final String PRESET =
            """
            {"name": "tiny",
             "spectrogram": {"sampleRate": 8000, "samples": 4000, "fftLength": 512, "hop": 256, "window": "HAMMING",
               "mels": 16, "lowHz": 0, "highHz": 4000, "frames": 16, "logOffset": 1e-7, "floor": -4},
             "network": {"filters": [8, 8], "dense": 10, "dropout": 0},
             "training": {"epochs": 3, "batch": 4, "optimizer": "adam", "learningRate": 0.001, "momentum": 0,
               "weightDecay": 0, "maskBins": 0},
             "composite": "gtzan",
             "subspaces": {"layer": "conv2", "concepts": 4, "inputs": 4, "positions": 8, "steps": 10, "starts": 2}}
            """;
    private static final String NETWORK =
            """
            {"input": {"height": 2, "width": 3, "channels": 2}, "layers": [
              {"name": "flatten", "kind": "flatten"}, {"name": "out", "kind": "dense", "units": 3}]}""";
    private static final int LONGEST_SECONDS = 300;

    /** A command that writes to OUT, and what is added to run it again. */
    record Job(String name, String arguments, String again) {}

    /** All commands that write files. FOLDER and OUT stand for paths. */
    static final List<Job> JOBS = List.of(
            new Job("train", "train FOLDER/data --preset FOLDER/tiny.json --epochs 6 --out OUT", "--resume"),
            new Job("folds", "train FOLDER/data --preset FOLDER/tiny.json --folds 3 --out OUT", "--resume"),
            new Job("synth", "synth --samples 10 --stems 1 --out OUT", "--overwrite"),
            new Job("subspaces", "subspaces FOLDER/model.safetensors --data FOLDER/data --out OUT", "--overwrite"),
            new Job(
                    "explain",
                    "explain FOLDER/model.safetensors --subspaces FOLDER/subspaces.safetensors FOLDER/data/bass/0.wav"
                            + " FOLDER/data/whistle/1.wav --out OUT",
                    "--overwrite"),
            new Job(
                    "labelled",
                    "explain FOLDER/model.safetensors --subspaces FOLDER/subspaces.safetensors FOLDER/data --out OUT",
                    "--overwrite"),
            new Job(
                    "whole",
                    "explain FOLDER/model.safetensors --subspaces FOLDER/subspaces.safetensors FOLDER/long.wav --whole"
                            + " --out OUT",
                    "--overwrite"),
            new Job(
                    "references",
                    "references FOLDER/model.safetensors --subspaces FOLDER/subspaces.safetensors --data FOLDER/data"
                            + " --split all --out OUT",
                    "--overwrite"),
            new Job(
                    "evaluate",
                    "evaluate FOLDER/model.safetensors --subspaces FOLDER/subspaces.safetensors --data FOLDER/data"
                            + " --measures flipping,concepts --random-seeds 1 --no-dsa -n 1 --all --out OUT",
                    "--overwrite"),
            new Job(
                    "import",
                    "import FOLDER/net.safetensors --network FOLDER/network.json --out OUT/model.safetensors",
                    "--overwrite"),
            new Job(
                    "demo",
                    "demo --samples 10 --epochs 1 --steps 4 --recovery-samples 2 --explained 1 --out OUT",
                    "--overwrite"),
            new Job(
                    "reproduce",
                    "reproduce --only music --music FOLDER/data --preset FOLDER/tiny.json --folds 3 --epochs 1 --steps 4"
                            + " --samples 2 --layers conv2 --out OUT",
                    ""));

    private final Path folder;
    private final Random random;
    private final List<String> failures = new ArrayList<>();
    private int kills;

    KillCampaign(Path folder, long seed) throws IOException {
        this.folder = folder;
        this.random = new Random(seed);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("tiny.json"), PRESET);
        Files.writeString(folder.resolve("network.json"), NETWORK);
        new SafeTensorsWriter()
                .add("out.weight", new float[36], 3, 12)
                .add("out.bias", new float[] {1, 2, 3}, 3)
                .write(folder.resolve("net.safetensors"));
        try (Backend backend = CpuBackend.create(1)) {
            ExampleNetwork.writeFiles(folder, backend);
        }
        for (String name : ExampleNetwork.CLASSES) {
            Path sounds = Files.createDirectories(folder.resolve("data").resolve(name));
            for (int i = 0; i < 5; i++) {
                ExampleNetwork.writeTone(
                        sounds.resolve(i + ".wav"), 200 + 300 * name.length() + 30 * i, 4000 + 400 * i);
            }
        }
        ExampleNetwork.writeTone(folder.resolve("long.wav"), 700, 40_000);
    }

    /** Runs a job once without and then several times with kills. */
    void run(Job job, int times) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        long start = System.nanoTime();
        run(job, false, Long.MAX_VALUE);
        long nanos = System.nanoTime() - start;
        SortedMap<String, byte[]> expected = contents(out);
        if (expected.isEmpty()) {
            failures.add(job.name() + ": wrote nothing");
        }
        for (int i = 0; i < times; i++) {
            delete(out);
            boolean again = false;
            do {
                run(job, again, (long) (nanos * (0.2 + 0.9 * random.nextDouble())));
                kills++;
                again = true;
                compareUnfinished(job.name() + " killed", expected, contents(out));
            } while (random.nextInt(4) == 0);
            int code = run(job, true, Long.MAX_VALUE);
            if (code != 0) {
                failures.add(job.name() + " again: exit code " + code + ": "
                        + Files.readString(folder.resolve("log")).strip());
            }
            compare(job.name() + " again", expected, contents(out));
        }
        delete(out);
    }

    /** @return the exit code; 137 if killed */
    private int run(Job job, boolean again, long nanos) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        if (job.name().equals("import")) {
            Files.createDirectories(out);
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "unweave.cli.Main"));
        command.addAll(arguments(job, out, again));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        if (!process.waitFor(Math.min(nanos, TimeUnit.SECONDS.toNanos(LONGEST_SECONDS)), TimeUnit.NANOSECONDS)) {
            process.destroyForcibly();
        }
        return process.waitFor();
    }

    /** @param again whether it is run again, on what an earlier run left */
    List<String> arguments(Job job, Path out, boolean again) {
        return Arrays.stream((job.arguments() + " --quiet --device scalar --threads 2 " + (again ? job.again() : ""))
                        .strip()
                        .split(" +", -1))
                .map(word -> word.replace("FOLDER", folder.toString()).replace("OUT", out.toString()))
                .toList();
    }

    /** What a run that ended early left: each file is the one of a whole run, or one that grows epoch by epoch. */
    void compareUnfinished(String what, SortedMap<String, byte[]> expected, SortedMap<String, byte[]> found) {
        found.forEach((name, bytes) -> {
            boolean own = name.startsWith(".unweave-") || name.contains("/.unweave-");
            boolean grows = name.endsWith("checkpoint.safetensors") || name.endsWith("metrics.csv");
            if (grows && bytes.length > 0 && bytes[bytes.length - 1] != '\n' && name.endsWith(".csv")) {
                failures.add(what + ": " + name + " is cut off");
            }
            if (!own && !grows && !Arrays.equals(bytes, expected.get(name))) {
                failures.add(what + ": " + name + (expected.containsKey(name) ? " is half-written" : " is left over"));
            }
        });
    }

    void compare(String what, SortedMap<String, byte[]> expected, SortedMap<String, byte[]> found) {
        Stream.concat(expected.keySet().stream(), found.keySet().stream())
                .distinct()
                .filter(name -> !Arrays.equals(expected.get(name), found.get(name)))
                // import writes into a folder that is not its own, and leaves the others' files in it
                .filter(name -> !(what.startsWith("import") && name.endsWith(".part")))
                .forEach(name -> failures.add(what + ": " + name
                        + (!found.containsKey(name)
                                ? " is missing"
                                : expected.containsKey(name) ? " differs" : " is left over")));
    }

    /** All files below a folder, without measured seconds. */
    static SortedMap<String, byte[]> contents(Path folder) throws IOException {
        SortedMap<String, byte[]> contents = new TreeMap<>();
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String name = folder.relativize(file).toString();
                    contents.put(name, withoutSeconds(file.getFileName().toString(), Files.readAllBytes(file)));
                }
            }
        }
        return contents;
    }

    private static byte[] withoutSeconds(String name, byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (name.equals(".unweave-files")) { // in the order of writing
            return text.lines().sorted().collect(Collectors.joining("\n")).getBytes(StandardCharsets.UTF_8);
        }
        if (name.equals("metrics.csv")) {
            return text.replaceAll("(?m),[^,\n]*$", "").getBytes(StandardCharsets.UTF_8);
        }
        if (name.endsWith(".json")) {
            return text.replaceAll("(\"[a-zA-Z]*[sS]econds\": *)[-0-9.eE+]+", "$1")
                    .getBytes(StandardCharsets.UTF_8);
        }
        if (name.endsWith(".html")) {
            return text.replaceAll("[0-9.]+ s\\b", "").getBytes(StandardCharsets.UTF_8);
        }
        if (name.equals("checkpoint.safetensors")) {
            ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            int header = (int) file.getLong(0);
            JsonArray at = JsonParser.parseString(new String(bytes, 8, header, StandardCharsets.UTF_8))
                    .getAsJsonObject()
                    .getAsJsonObject("history")
                    .getAsJsonArray("data_offsets");
            for (int i = at.get(0).getAsInt() + 40; i < at.get(1).getAsInt(); i += 48) { // the last of six columns
                file.putDouble(8 + header + i, 0);
            }
        }
        return bytes;
    }

    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted((a, b) -> b.getNameCount() - a.getNameCount()).forEach(file -> {
                    try {
                        Files.delete(file);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        }
    }

    /** What was not as it should be. */
    List<String> failures() {
        return failures;
    }

    /** How often a command was killed, or was done before that. */
    int kills() {
        return kills;
    }

    /** {@code FOLDER KILLS SEED [COMMAND...]}: at least so many kills, over all commands or those named. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        KillCampaign campaign = new KillCampaign(Path.of(arguments[0]), Long.parseLong(arguments[2]));
        int kills = Integer.parseInt(arguments[1]);
        List<String> named = Arrays.asList(arguments).subList(3, arguments.length);
        List<Job> jobs = JOBS.stream()
                .filter(job -> named.isEmpty() || named.contains(job.name()))
                .toList();
        for (int j = 0; j < jobs.size(); j++) {
            int before = campaign.kills;
            int share = kills * (j + 1) / jobs.size() - kills * j / jobs.size();
            campaign.run(jobs.get(j), share);
            System.out.println(jobs.get(j).name() + ": " + (campaign.kills - before) + " kills, "
                    + campaign.failures.size() + " failures so far");
        }
        campaign.failures.stream().distinct().forEach(System.out::println);
        System.out.println(campaign.kills + " kills, " + campaign.failures.size() + " failures");
    }
}
