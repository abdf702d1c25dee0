package unweave.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import unweave.audio.file.SoundFiles;
import unweave.audio.synthetic.SyntheticGenerator;
import unweave.audio.synthetic.SyntheticSample;
import unweave.audio.synthetic.SyntheticSet;
import unweave.experiments.synthetic.SyntheticInputs;
import unweave.experiments.synthetic.SyntheticVariant;
import unweave.explain.data.Parallel;
import unweave.explain.output.CsvText;
import unweave.explain.output.OutputFolder;
import unweave.explain.progress.Progress;
import unweave.kernels.BadInputException;

/** Writes the synthetic data set as sound files. */
@Command(
        name = "synth",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Writes the synthetic data set as sound files.",
        description = {
            "Writes the synthetic data set of the thesis: two classes of sounds, each made of up to four known "
                    + "objects,",
            "as WAV files with a manifest for 'unweave train'."
        })
public final class SynthCommand implements Callable<Integer> {
    @Option(
            names = {"-n", "--samples"},
            paramLabel = "N",
            defaultValue = "2000",
            description = "Samples per class (default: ${DEFAULT-VALUE}).")
    private int samples;

    @Option(
            names = "--set",
            paramLabel = "NAME",
            defaultValue = "toy",
            description = "toy: the set as the thesis' text describes it; thesis-code: as its published code makes it "
                    + "(default: ${DEFAULT-VALUE}). The preset of the same name belongs to it.")
    private String setName;

    @Option(
            names = "--noise",
            paramLabel = "X",
            defaultValue = "0.01",
            description = "Strength of the Gaussian noise (default: ${DEFAULT-VALUE}).")
    private double noise;

    @Option(
            names = "--objects",
            description = "Also write every object of every sample as a sound of its own: the ground truth.")
    private boolean objects;

    @Option(
            names = "--stems",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Also write N further samples of each class that hold all of its objects, taken apart: folders"
                            + " for 'unweave evaluate --stems'.")
    private int stems;

    @Mixin
    private OutputOptions output;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        SyntheticVariant variant = SyntheticVariant.of(setName);
        if (!(noise >= 0) || Double.isInfinite(noise)) {
            throw new BadInputException("--noise " + noise + ": expected 0 or more");
        }
        if (stems < 0) {
            throw new BadInputException("--stems " + stems + ": expected 0 or more");
        }
        SyntheticSet set = SyntheticInputs.set(variant.parameters().withNoiseStrength(noise), samples, common.seed);
        try (OutputFolder out = output.open()) {
            write(out, set, variant);
        }
        return 0;
    }

    private void write(OutputFolder out, SyntheticSet set, SyntheticVariant variant) throws IOException {
        List<List<String>> rows = new ArrayList<>(Collections.nCopies(set.size() + 1, null));
        rows.set(0, List.of("path", "label", "split", "objects"));
        String[] split = splits(set);
        try (Progress progress = common.console().progress("synthesising", set.size())) {
            Parallel.run(
                    set.size(), common.threads, progress, i -> rows.set(i + 1, write(out, set.sample(i), i, split[i])));
        }
        Parallel.run(SyntheticGenerator.CLASSES * stems, common.threads, Progress.none(), i -> writeStems(out, set, i));
        out.writeText("manifest.csv", CsvText.of(rows));
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("manifest", out.path().resolve("manifest.csv").toString());
        summary.put("samples", set.size());
        common.result(
                summary,
                List.of(
                        set.size() + " samples in two classes",
                        "manifest: " + out.path().resolve("manifest.csv"),
                        "next: unweave train " + out.path().resolve("manifest.csv") + " --preset " + variant
                                + " --out model"));
    }

    private static String[] splits(SyntheticSet set) {
        String[] split = new String[set.size()];
        Arrays.stream(set.train()).forEach(i -> split[i] = "train");
        Arrays.stream(set.validation()).forEach(i -> split[i] = "validation");
        Arrays.stream(set.test()).forEach(i -> split[i] = "test");
        return split;
    }

    private List<String> write(OutputFolder out, SyntheticSample sample, int index, String split) throws IOException {
        String label = "class" + (sample.classIndex() + 1);
        String name = String.format(Locale.ROOT, "%s/%05d", label, index % samples);
        save(out, name + ".wav", sample.signal());
        StringBuilder used = new StringBuilder();
        for (int object = 0; object < sample.used().length; object++) {
            if (sample.used()[object]) {
                used.append(used.isEmpty() ? "" : " ").append(object + 1);
                if (objects) {
                    save(out, "objects/" + name + "-object" + (object + 1) + ".wav", sample.objects()[object]);
                }
            }
        }
        return List.of(name + ".wav", label, split, used.toString());
    }

    private void writeStems(OutputFolder out, SyntheticSet set, int index) throws IOException {
        int classIndex = index / stems;
        SyntheticSample sample = set.completeSample(classIndex, index % stems);
        String folder = String.format(Locale.ROOT, "stems/class%d/%05d/", classIndex + 1, index % stems);
        List<String> names = SyntheticGenerator.objectNames(classIndex);
        for (int object = 0; object < names.size(); object++) {
            save(out, folder + names.get(object) + ".wav", sample.objects()[object]);
        }
        save(out, folder + "background.wav", sample.background());
    }

    private static void save(OutputFolder out, String name, float[] signal) throws IOException {
        Path file = out.prepare(name);
        SoundFiles.writeWav(file, signal, SyntheticGenerator.SAMPLE_RATE);
    }
}
