package unweave.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import unweave.experiments.networks.NetworksPlan;
import unweave.experiments.reproduce.ChapterPlan;
import unweave.experiments.reproduce.MusicRecordings;
import unweave.experiments.reproduce.Reproduction;
import unweave.experiments.synthetic.SyntheticVariant;
import unweave.explain.data.SoundScan;
import unweave.explain.output.OutputFolder;
import unweave.explain.preset.Preset;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;

/** The experiments of the thesis from nothing. */
@Command(
        name = "reproduce",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "The experiments of the thesis from nothing, its numbers beside ours.",
        description = {
            "Repeats the experiments of the thesis from nothing: sounds, training, subspaces, tables and figures,",
            "on a page that sets the thesis' numbers beside the ones found. The synthetic chapter needs no data "
                    + "and takes",
            "five to ten minutes on two cores. The chapter on objects trains several networks and asks whether their "
                    + "concepts",
            "answer to the objects that sounds are made of; it takes twenty to forty minutes. The music chapter "
                    + "needs GTZAN",
            "and, at full size, days.",
            "An interrupted run goes on where it stopped when the same command is given again."
        })
public final class ReproduceCommand implements Callable<Integer> {
    /** What can be repeated. */
    enum Chapter {
        SYNTHETIC,
        OBJECTS,
        MUSIC
    }

    @Option(
            names = "--music",
            paramLabel = "DIR",
            description =
                    "A folder with one sub-folder of recordings per genre, such as GTZAN; adds the music chapter.")
    private Path music;

    @Option(
            names = "--only",
            paramLabel = "CHAPTER",
            description = "Run only this chapter: synthetic, objects or music (default: all that have data).")
    private Chapter only;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            defaultValue = "unweave-reproduction",
            description = "Folder for the results (default: ${DEFAULT-VALUE}). What an earlier run with the same "
                    + "settings has finished is kept.")
    private Path folder;

    @Option(
            names = "--overwrite",
            description = "Start anew: replace what an earlier run wrote into the folder; other files stay.")
    private boolean overwrite;

    @Option(
            names = "--networks",
            paramLabel = "N",
            defaultValue = "" + NetworksPlan.NETWORKS,
            description = "Networks of the chapter on objects, from the seeds --seed, --seed + 1, ... (default: "
                    + "${DEFAULT-VALUE}). More may be added later.")
    private int networks;

    @Option(
            names = "--sounds",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Sounds per class of the synthetic chapters (default: ${DEFAULT-VALUE}).")
    private int sounds;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Passes over the training sounds (default: the preset's, 40 and 600).")
    private Integer epochs;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Steps of gradient ascent for subspaces (default: 5000).")
    private Integer steps;

    @Option(
            names = "--samples",
            paramLabel = "N",
            description = "At most so many inputs of a class in every evaluation (default: 400 synthetic ones, 100 of "
                    + "music).")
    private Integer samples;

    @Option(
            names = "--layers",
            paramLabel = "NAME",
            split = ",",
            description = "Layers to split (default: all convolutions; for objects also what follows them).")
    private List<String> layers;

    @Option(
            names = "--full",
            description =
                    "2, 4 and 8 concepts at all layers, as in the thesis (default: 4 at all layers, 2 and 8 at that "
                            + "of the figures). Searches and patch flipping then take about twice as long.")
    private boolean full;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            defaultValue = "gtzan",
            description = "Preset of the music chapter, by name or file (default: ${DEFAULT-VALUE}).")
    private String preset;

    @Option(
            names = "--folds",
            paramLabel = "N",
            defaultValue = "10",
            description = "Parts of the music for cross-validation, by track (default: ${DEFAULT-VALUE}).")
    private int folds;

    @Option(
            names = "--only-folds",
            paramLabel = "N",
            split = ",",
            description = "Train only these folds, such as 1,4 (default: all). The first one's model is explained.")
    private List<Integer> chosenFolds = List.of();

    @Option(
            names = "--skip-unreadable",
            description =
                    "Leave out recordings that cannot be read, and list them (default: stop, and list them). Every"
                            + " file is read before anything else is done.")
    private boolean skipUnreadable;

    @Option(
            names = "--longest-silence",
            paramLabel = "SECONDS",
            defaultValue = "" + SoundScan.LONGEST_SILENCE,
            description = "Leave out recordings that have a run of exact zeros of so many seconds between their first "
                    + "and last sample above -60 dB (default: ${DEFAULT-VALUE}).")
    private double longestSilence;

    @Option(names = "--keep-faulty", description = "Leave out no recording for its runs of zeros.")
    private boolean keepFaulty;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        if (only == Chapter.MUSIC && music == null) {
            throw new BadInputException(
                    "--only music: the music chapter needs recordings; name their folder with --music");
        }
        long start = System.nanoTime();
        ChapterPlan.Reductions reductions = new ChapterPlan.Reductions(epochs, steps, samples, layers, full);
        ChapterPlan syntheticPlan = ChapterPlan.synthetic(Preset.of("thesis"), reductions, common.seed);
        ChapterPlan musicPlan = ChapterPlan.music(Preset.of(preset), reductions, common.seed);
        NetworksPlan networksPlan = NetworksPlan.of(
                SyntheticVariant.TOY,
                sounds,
                common.seed,
                networks,
                new NetworksPlan.Reductions(epochs, steps, samples, layers));
        OutputFolder out = open();
        MusicRecordings recordings = music != null && runs(Chapter.MUSIC) ? recordings(out) : null;
        List<Reproduction.Outcome> outcomes = new ArrayList<>();
        try (out;
                Backend backend = common.backend()) {
            common.console().note(backend.description());
            Reproduction reproduction =
                    new Reproduction(out, backend, common.deviceName(), common.threads, common.console());
            if (runs(Chapter.SYNTHETIC)) {
                outcomes.add(reproduction.synthetic(syntheticPlan, sounds));
            }
            if (runs(Chapter.OBJECTS)) {
                outcomes.add(reproduction.objects(networksPlan));
            }
            if (recordings != null) {
                outcomes.add(reproduction.music(musicPlan, recordings));
            }
        }
        report(outcomes, (System.nanoTime() - start) * 1e-9);
        return 0;
    }

    /** Looks through the music before the other chapters, too: a broken file is to be known before hours of work. */
    private MusicRecordings recordings(OutputFolder out) throws IOException {
        MusicRecordings.Choice choice = new MusicRecordings.Choice(
                music, folds, chosenFolds, skipUnreadable, keepFaulty ? Double.POSITIVE_INFINITY : longestSilence);
        return MusicRecordings.open(choice, common.seed, out, common.threads, common.console());
    }

    private boolean runs(Chapter chapter) {
        return only == null || only == chapter;
    }

    /** A folder of an earlier run is gone on with; any other that holds files is refused. */
    private OutputFolder open() throws IOException {
        if (overwrite) {
            return OutputFolder.open(folder, OutputFolder.Existing.OVERWRITE);
        }
        boolean earlier = Reproduction.isIn(folder);
        return OutputFolder.open(folder, earlier ? OutputFolder.Existing.KEEP : OutputFolder.Existing.REFUSE);
    }

    private void report(List<Reproduction.Outcome> outcomes, double seconds) {
        Map<String, Object> json = new LinkedHashMap<>();
        List<String> lines = new ArrayList<>();
        for (Reproduction.Outcome outcome : outcomes) {
            json.put(outcome.chapter(), outcome.json());
            lines.addAll(outcome.lines());
            lines.add("page: " + outcome.page());
        }
        lines.add(String.format(Locale.ROOT, "%.0f s", seconds));
        common.result(json, lines);
    }
}
