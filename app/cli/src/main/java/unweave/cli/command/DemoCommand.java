package unweave.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import unweave.drsa.Estimate;
import unweave.drsa.Method;
import unweave.experiments.demo.DemoResult;
import unweave.experiments.demo.DemoRun;
import unweave.experiments.demo.DemoSettings;
import unweave.experiments.synthetic.SyntheticVariant;
import unweave.explain.output.OutputFolder;
import unweave.explain.preset.Preset;
import unweave.explain.preset.SubspacePlan;
import unweave.kernels.Backend;

/** The main job on synthetic sounds. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "The main job on synthetic sounds, with a report to see and hear.",
        description = {
            "Makes synthetic sounds, trains a network on them, splits its decisions into concepts, checks the concepts",
            "against the objects that the sounds were made of, and writes a report with pictures and sounds."
        })
public final class DemoCommand implements Callable<Integer> {
    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            defaultValue = "unweave-demo",
            description = "Folder for the results; created if missing, refused if it holds files (default: "
                    + "${DEFAULT-VALUE}).")
    private Path folder;

    @Option(names = "--overwrite", description = "Replace what an earlier run wrote into the folder; other files stay.")
    private boolean overwrite;

    @Option(
            names = "--set",
            paramLabel = "NAME",
            defaultValue = "toy",
            description = "toy: the sounds and the preset as the thesis' text describes them; thesis-code: as its "
                    + "published code makes them (default: ${DEFAULT-VALUE}).")
    private String setName;

    @Option(
            names = {"-n", "--samples"},
            paramLabel = "N",
            defaultValue = "2000",
            description = "Sounds per class (default: ${DEFAULT-VALUE}).")
    private int samples;

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training sounds (default: 40).")
    private Integer epochs;

    @Option(names = "--layer", paramLabel = "NAME", description = "Layer to split (default: that of the preset toy).")
    private String layer;

    @Option(
            names = {"-k", "--concepts"},
            paramLabel = "K",
            description = "Number of concepts (default: 4).")
    private Integer concepts;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Steps of gradient ascent (default: 5000, for thesis-code 2000).")
    private Integer steps;

    @Option(
            names = "--recovery-samples",
            paramLabel = "N",
            defaultValue = "100",
            description = "Sounds per class with all four objects, to score concepts with (default: ${DEFAULT-VALUE}).")
    private int recoverySamples;

    @Option(
            names = "--explained",
            paramLabel = "N",
            defaultValue = "3",
            description = "Sounds per class to show (default: ${DEFAULT-VALUE}).")
    private int explained;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        SyntheticVariant variant = SyntheticVariant.of(setName);
        Preset preset = variant.preset();
        SubspacePlan plan = preset.subspaces();
        SubspacePlan chosen = plan.at(
                        layer == null ? plan.layer() : layer, concepts == null ? plan.concepts() : concepts)
                .withSteps(steps);
        DemoSettings settings = new DemoSettings(
                variant.parameters(),
                preset,
                preset.training().with(epochs, null, null),
                chosen,
                samples,
                recoverySamples,
                explained,
                3,
                common.seed,
                common.threads);
        OutputFolder.Existing existing = overwrite ? OutputFolder.Existing.OVERWRITE : OutputFolder.Existing.REFUSE;
        try (OutputFolder out = OutputFolder.open(folder, existing);
                Backend backend = common.backend()) {
            common.console().note(backend.description());
            DemoResult result = new DemoRun(settings, backend, common.console()).run(out);
            common.result(result.summary(), lines(result, out));
        }
        return 0;
    }

    private static List<String> lines(DemoResult result, OutputFolder out) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "test accuracy %.2f %%, training %.1f s, subspaces %.1f s, total %.1f s",
                100 * result.trained().test().accuracy(),
                result.trained().seconds(),
                result.subspaceSeconds(),
                result.totalSeconds()));
        lines.add(figures("object information", result::information));
        lines.add(figures("selectivity", result::selectivity));
        lines.addAll(result.verdict());
        lines.add(String.format(
                Locale.ROOT,
                "object recovery: DRSA %.3f, DSA %.3f, random %.3f, oracle %.3f",
                result.recovery(Method.DRSA),
                result.recovery(Method.DSA),
                result.recovery(Method.RANDOM),
                result.recovery(Method.ORACLE)));
        lines.add(String.format(
                Locale.ROOT,
                "concept maps add up to the standard map within %.1e of its largest value",
                result.conceptSumError()));
        lines.add("report: " + out.path().resolve("report.html"));
        return lines;
    }

    private static String figures(String name, Function<Method, Estimate> figure) {
        return Stream.of(Method.DRSA, Method.DSA, Method.RANDOM, Method.ORACLE)
                .map(method -> DemoResult.name(method) + " " + withError(figure.apply(method)))
                .collect(Collectors.joining(", ", name + ": ", " (random is the floor, oracle the ceiling)"));
    }

    private static String withError(Estimate estimate) {
        return Double.isNaN(estimate.standardError())
                ? String.format(Locale.ROOT, "%.3f", estimate.mean())
                : String.format(Locale.ROOT, "%.3f \u00b1 %.3f", estimate.mean(), estimate.standardError());
    }
}
