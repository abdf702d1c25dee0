package unweave.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unweave.audio.random.SeededRandom;
import unweave.drsa.SubspaceSet;
import unweave.drsa.Subspaces;
import unweave.drsa.reference.Aggregation;
import unweave.drsa.reference.Criterion;
import unweave.explain.AudioModel;
import unweave.explain.Explainer;
import unweave.explain.data.ClipReader;
import unweave.explain.data.SoundCollection;
import unweave.explain.output.OutputFolder;
import unweave.explain.preset.ModelSettings;
import unweave.explain.reference.ClassReferences;
import unweave.explain.reference.ConceptNumbers;
import unweave.explain.reference.ReferenceFinder;
import unweave.explain.reference.ReferenceRun;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.lrp.LayerwiseRelevance;
import unweave.report.reference.ReferenceWriter;

/** Finds the sounds in which concepts show most. All sounds are searched before the first file is written. */
@Command(
        name = "references",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Shows and sounds out what the concepts of a network stand for.",
        description = {
            "Finds the sounds in which each concept shows most: by relevance, those in whose decision it counts most,",
            "and by activation, those in which it is strongest. Writes pictures (PNG), sounds (WAV), numbers (JSON)",
            "and one report.html."
        })
public final class ReferencesCommand implements Callable<Integer> {
    /** Criteria under their names on the command line. */
    private enum By {
        RELEVANCE(EnumSet.of(Criterion.RELEVANCE)),
        ACTIVATION(EnumSet.of(Criterion.ACTIVATION)),
        BOTH(EnumSet.allOf(Criterion.class));

        @SuppressWarnings("ImmutableEnumChecker") // copied and never written
        private final Set<Criterion> criteria;

        By(Set<Criterion> criteria) {
            this.criteria = criteria;
        }
    }

    private enum Among {
        CLASS,
        ALL
    }

    @Parameters(index = "0", paramLabel = "MODEL", description = "A model file that 'unweave train' wrote.")
    private Path modelFile;

    @Option(
            names = "--subspaces",
            paramLabel = "FILE",
            required = true,
            description = "Subspaces of this model that 'unweave subspaces' wrote, by any method.")
    private Path subspacesFile;

    @Option(
            names = {"-d", "--data"},
            paramLabel = "DATA",
            required = true,
            description = "The folder or manifest that the model was trained on; its sounds are searched.")
    private Path data;

    @Option(
            names = "--fold",
            paramLabel = "N",
            defaultValue = "0",
            description = "The fold that training tested on, for manifests with folds.")
    private int fold;

    @Option(
            names = "--split",
            paramLabel = "NAME",
            defaultValue = "test",
            description = "Which sounds to search: test, validation, train or all (default: ${DEFAULT-VALUE}).")
    private SoundPart part;

    @Option(
            names = "--among",
            paramLabel = "NAME",
            defaultValue = "class",
            description = "class: search the sounds of the concept's class only; all: those of every class (default: "
                    + "${DEFAULT-VALUE}).")
    private Among among;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Search at most so many sounds of each class, drawn at random (default: no limit).")
    private Integer limit;

    @Option(
            names = "--classes",
            paramLabel = "NAME",
            split = ",",
            description = "Classes whose concepts to show (default: all with subspaces).")
    private List<String> classes;

    @Option(
            names = "--concepts",
            paramLabel = "LIST",
            description = "Concepts to show of each class, such as 1-3,7 (default: the first 8 by relevance).")
    private String concepts;

    @Option(
            names = "--top",
            paramLabel = "N",
            defaultValue = "3",
            description = "References of each concept, one clip of each sound (default: ${DEFAULT-VALUE}).")
    private int top;

    @Option(
            names = "--by",
            paramLabel = "NAME",
            defaultValue = "both",
            description = "relevance, activation or both (default: ${DEFAULT-VALUE}).")
    private By by;

    @Option(
            names = "--score",
            paramLabel = "NAME",
            defaultValue = "sum",
            description = "sum: score a clip by all positions of the concept; max: by the position where it is clearest"
                    + " (default: ${DEFAULT-VALUE}).")
    private Aggregation aggregation;

    @Option(
            names = "--gain",
            paramLabel = "G",
            defaultValue = "1",
            description = "Colours grow with |relevance|^(1/G): above 1 small relevances are emphasised (default: "
                    + "${DEFAULT-VALUE}).")
    private double gain;

    @Mixin
    private SlicingOptions slices;

    @Mixin
    private OutputOptions output;

    @Mixin
    private ManifestOptions manifest;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        require(top >= 1, "--top " + top + ": expected 1 or more");
        require(limit == null || limit >= 1, "--limit " + limit + ": expected 1 or more");
        require(gain >= 1 && !Double.isInfinite(gain), "--gain " + gain + ": expected 1 or more");
        try (OutputFolder out = output.open();
                Backend backend = common.backend();
                AudioModel model = AudioModel.load(modelFile, backend)) {
            ModelSettings settings = model.settings();
            SubspaceSet set = Explainer.loadSubspaces(subspacesFile, model);
            List<Subspaces> chosen = chosenClasses(set, model);
            SoundCollection collection = SoundCollection.openFor(model.classNames(), data, manifest.encoding, fold)
                    .tell(common.console());
            ReferenceRun run = new ReferenceRun(
                    modelFile.toString(),
                    set.modelFingerprint(),
                    subspacesFile.toString(),
                    settings.composite(),
                    data.toString(),
                    part.toString(),
                    among == Among.ALL,
                    by.criteria,
                    aggregation,
                    top,
                    model.frontEnd(),
                    gain,
                    common.seed);
            try (LayerwiseRelevance relevance = new LayerwiseRelevance(model.composite())) {
                relevance.composite().assignments(model.network());
                write(model, relevance, chosen, collection, run, out);
            }
        }
        return 0;
    }

    private void write(
            AudioModel model,
            LayerwiseRelevance relevance,
            List<Subspaces> chosen,
            SoundCollection collection,
            ReferenceRun run,
            OutputFolder out)
            throws IOException {
        ClipReader reader = new ClipReader(collection, model.frontEnd(), slices.slicing(), common.threads);
        ReferenceFinder finder = new ReferenceFinder(model.network(), relevance, reader, run, common.console());
        Map<Subspaces, List<Integer>> shown = new LinkedHashMap<>();
        Map<Subspaces, List<Integer>> places = new LinkedHashMap<>();
        for (Subspaces subspaces : chosen) {
            shown.put(subspaces, ConceptNumbers.of(concepts, subspaces.count()));
            places.put(subspaces, places(collection, subspaces));
        }
        List<ClassReferences> found = new ArrayList<>();
        for (Subspaces subspaces : chosen) {
            found.add(finder.find(subspaces, places.get(subspaces)));
        }
        ReferenceWriter writer = new ReferenceWriter(out, run, chosen, model.network(), relevance, collection, reader);
        List<String> lines = new ArrayList<>();
        for (ClassReferences one : found) {
            lines.addAll(writer.write(one, shown.get(one.subspaces())));
        }
        lines.add("report: " + writer.finish());
        common.result(writer.numbers(), lines);
    }

    private List<Subspaces> chosenClasses(SubspaceSet set, AudioModel model) {
        if (classes == null) {
            return set.all();
        }
        List<String> names = model.classNames();
        List<Subspaces> chosen = new ArrayList<>();
        for (String name : classes) {
            require(
                    names.contains(name) && set.contains(names.indexOf(name)),
                    "--classes " + name + ": " + subspacesFile + " holds subspaces of "
                            + set.all().stream()
                                    .map(one -> one.provenance().className())
                                    .collect(Collectors.joining(", ")));
            Subspaces subspaces = set.ofClass(names.indexOf(name));
            require(!chosen.contains(subspaces), "--classes names " + name + " twice");
            chosen.add(subspaces);
        }
        return chosen;
    }

    /**
     * The sounds to search for the concepts of a class, of the chosen split, at most so many of each class as the limit
     * says.
     */
    private List<Integer> places(SoundCollection collection, Subspaces subspaces) {
        List<Integer> places = new ArrayList<>();
        for (int label = 0; label < collection.classNames().size(); label++) {
            if (among == Among.ALL || label == subspaces.provenance().classIndex()) {
                places.addAll(limited(collection.places(part.split(), List.of(label), common.seed), label));
            }
        }
        require(
                !places.isEmpty(),
                data + ": holds no " + (part == SoundPart.ALL ? "" : part + " ")
                        + "sounds of " + subspaces.provenance().className()
                        + "; choose others with --split, such as --split all");
        return places;
    }

    private List<Integer> limited(List<Integer> places, int label) {
        if (limit == null || places.size() <= limit) {
            return places;
        }
        int[] order = SeededRandom.of(common.seed, label).permutation(places.size());
        return IntStream.of(order).limit(limit).sorted().mapToObj(places::get).toList();
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new BadInputException(message);
        }
    }
}
