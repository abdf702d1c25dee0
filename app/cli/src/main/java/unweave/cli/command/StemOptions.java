package unweave.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Option;
import unweave.drsa.Method;
import unweave.explain.AudioModel;
import unweave.explain.data.InputSet;
import unweave.explain.data.SoundLoader;
import unweave.explain.data.StemFolder;
import unweave.explain.data.Stems;
import unweave.explain.evaluate.Baselines;
import unweave.explain.evaluate.StemResult;
import unweave.explain.evaluate.StemStudy;
import unweave.explain.evaluate.Variant;
import unweave.explain.progress.Progress;
import unweave.kernels.BadInputException;
import unweave.lrp.LayerwiseRelevance;

/** Recordings whose parts are known, and what of them is measured. */
final class StemOptions {
    @Option(
            names = "--stems",
            paramLabel = "FOLDER",
            description =
                    "Which concept is which part of a sound? A folder per recording, with its parts as sound files"
                            + " (drums.wav, voice.wav, ...) and perhaps the whole (mixture.wav). Without --data, nothing else is"
                            + " measured.")
    private Path folder;

    @Option(
            names = "--background",
            paramLabel = "NAME",
            split = ",",
            description = "Parts that always sound and are not measured.")
    private List<String> background = List.of();

    @Option(
            names = "--incomplete",
            description = "The parts need not add up to the mixture: what is missing counts as background.")
    private boolean incomplete;

    @Option(
            names = {"--classes", "--class"},
            paramLabel = "NAME",
            split = ",",
            description =
                    "Explain every recording for these classes (default: the class whose name the recording's parent"
                            + " folder has, or else the one that the network decides for).")
    private List<String> classNames = List.of();

    @Option(
            names = "--words",
            description =
                    "The parts are words of a keyword network, named as its classes (yes.wav, no.wav): every mix is"
                            + " explained for each of its words, beside the others.")
    private boolean words;

    @Option(
            names = "--excerpts",
            paramLabel = "N",
            defaultValue = "5",
            description = "At most so many excerpts of each recording, evenly spaced (default: ${DEFAULT-VALUE}).")
    private int excerpts;

    boolean given() {
        return folder != null;
    }

    /** @throws BadInputException if options of stems are given without stems, or are wrong */
    void require() {
        if (!given() && !(background.isEmpty() && classNames.isEmpty() && !incomplete && !words)) {
            throw new BadInputException("--background, --incomplete, --classes and --words belong to --stems");
        }
        if (excerpts < 1) {
            throw new BadInputException("--excerpts must be at least 1, not " + excerpts);
        }
    }

    /** Finds the recordings, which are read later. */
    StemFolder open(AudioModel model) throws IOException {
        classNames.forEach(model::classIndex);
        Set<String> names = new TreeSet<>(background);
        return StemFolder.open(folder, model.classNames(), names, incomplete);
    }

    /** Adds random subspaces where there are none; the first recording that is not silent decides their order. */
    List<Variant> withRandom(
            List<Variant> given,
            int seeds,
            StemFolder recordings,
            AudioModel model,
            LayerwiseRelevance relevance,
            CommonOptions common)
            throws IOException {
        float[][] inputs = firstInputs(recordings, model);
        Baselines baselines = new Baselines(model.network(), relevance, common.seed, common.console());
        List<Variant> variants = new ArrayList<>(given);
        for (Variant variant : given) {
            List<Variant> here = Variant.of(variants, variant.layer(), variant.concepts());
            if (Variant.of(here, Method.RANDOM).isEmpty()) {
                variants.addAll(baselines.random(variant, seeds, classIndex -> labelled(inputs, classIndex, model)));
            }
        }
        return variants;
    }

    /** The whole excerpts of the first recording that holds more than silence. */
    private float[][] firstInputs(StemFolder recordings, AudioModel model) throws IOException {
        SoundLoader loader = new SoundLoader(model.frontEnd());
        for (int i = 0; i < recordings.size(); i++) {
            Stems stems = recordings.read(i, loader);
            List<Stems.Excerpt> chosen = stems.excerpts(model.frontEnd().samples(), excerpts);
            if (!chosen.isEmpty()) {
                return chosen.stream()
                        .map(excerpt -> stems.mixture(excerpt, model.frontEnd()).all())
                        .toArray(float[][]::new);
            }
        }
        throw new BadInputException(folder + ": in none of its recordings a part is heard");
    }

    private static InputSet labelled(float[][] inputs, int classIndex, AudioModel model) {
        int[] labels = new int[inputs.length];
        Arrays.fill(labels, classIndex);
        return new InputSet(
                model.frontEnd().rows(), model.frontEnd().columns(), inputs, labels, new int[inputs.length]);
    }

    List<StemResult> measure(
            StemFolder recordings,
            AudioModel model,
            LayerwiseRelevance relevance,
            List<Variant> variants,
            CommonOptions common)
            throws IOException {
        SoundLoader loader = new SoundLoader(model.frontEnd());
        StemStudy study = new StemStudy(
                model.network(),
                relevance,
                model.frontEnd(),
                variants,
                new StemStudy.Choice(classNames.stream().map(model::classIndex).toList(), words),
                excerpts,
                common.console());
        try (Progress progress = common.console().progress("taking recordings apart", recordings.size())) {
            for (int i = 0; i < recordings.size(); i++) {
                study.add(recordings.read(i, loader));
                progress.at(i + 1, "");
            }
        }
        return study.results();
    }

    /** The folder as it was named. */
    Path folder() {
        return folder;
    }
}
