package unweave.experiments.reproduce;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import unweave.experiments.networks.NetworksPage;
import unweave.experiments.networks.NetworksPlan;
import unweave.experiments.networks.NetworksResult;
import unweave.experiments.networks.NetworksRun;
import unweave.experiments.synthetic.SyntheticVariant;
import unweave.explain.output.OutputFolder;
import unweave.explain.output.StepResults;
import unweave.explain.progress.Monitor;
import unweave.kernels.Backend;
import unweave.report.evaluation.ResultTable;

/** Runs chapters of experiments, each in a folder of its own, and writes a page for each. */
public final class Reproduction {
    private static final String SYNTHETIC = "synthetic";
    private static final String OBJECTS = "objects";
    private static final String PUBLISHED_CODE = "objects-thesis-code";
    static final String MUSIC = "music";

    private final OutputFolder out;
    private final Backend backend;
    private final String device;
    private final int threads;
    private final Monitor monitor;

    /**
     * @param device decides the bytes of results, as the arithmetic of devices differs in the last digits
     * @param threads to make and read sounds and prepare inputs with, 0 for one per processor
     */
    public Reproduction(OutputFolder out, Backend backend, String device, int threads, Monitor monitor) {
        this.out = out;
        this.backend = backend;
        this.device = device;
        this.threads = threads;
        this.monitor = monitor;
    }

    /** Whether a folder holds results of an earlier run. */
    public static boolean isIn(Path folder) {
        return Stream.of(SYNTHETIC, OBJECTS, MUSIC, MUSIC + "/" + MusicRecordings.FOLDER)
                .anyMatch(chapter -> StepResults.isIn(folder.resolve(chapter)));
    }

    /**
     * Chapter 4.1 with the evaluation of 4.2.3 and the appendices, from nothing.
     *
     * @param sounds per class
     */
    public Outcome synthetic(ChapterPlan plan, int sounds) throws IOException {
        SyntheticData data = new SyntheticData(plan, sounds, threads, monitor);
        Chapter chapter = new Chapter(plan, data, backend, out.folder(SYNTHETIC), device, threads, monitor);
        ChapterResult result = chapter.run(MapFigure.synthetic(plan, data.classNames()));
        return finish(SYNTHETIC, result, new SyntheticPage(result, out.folder(SYNTHETIC)).toHtml());
    }

    /**
     * Several networks of the synthetic set, as the thesis' text and as its published code makes it: not in the thesis.
     */
    public Outcome objects(NetworksPlan plan) throws IOException {
        NetworksResult result = networks(plan, OBJECTS);
        NetworksResult published = networks(plan.on(SyntheticVariant.THESIS_CODE), PUBLISHED_CODE);
        Map<String, Object> json = result.json();
        json.put("thesisCode", published.json());
        List<ResultTable> tables = result.tables();
        Path page = write(OBJECTS, tables, json, new NetworksPage(result, published).toHtml());
        List<String> lines = new ArrayList<>(tables.get(0).lines());
        lines.addAll(result.findings());
        return new Outcome(OBJECTS, page, lines, json);
    }

    private NetworksResult networks(NetworksPlan plan, String folder) throws IOException {
        return new NetworksRun(plan, backend, out.folder(folder), device, threads, monitor).run();
    }

    /** Chapter 4.2 and the appendices. */
    public Outcome music(ChapterPlan plan, MusicRecordings recordings) throws IOException {
        MusicData data = new MusicData(plan, recordings, threads, monitor);
        Chapter chapter = new Chapter(plan, data, backend, out.folder(MUSIC), device, threads, monitor);
        ChapterResult result = chapter.run(MapFigure.music(plan, data.classNames()));
        return finish(MUSIC, result, new MusicPage(result, data, recordings, out.folder(MUSIC)).toHtml());
    }

    private Outcome finish(String name, ChapterResult result, String html) throws IOException {
        ChapterTables tables = new ChapterTables(result);
        Path page = write(name, tables.all(), result.json(), html);
        return new Outcome(name, page, tables.terminal(), result.json());
    }

    private Path write(String name, List<ResultTable> tables, Object json, String html) throws IOException {
        for (ResultTable table : tables) {
            out.writeText(name + "/tables/" + table.name() + ".csv", table.csv());
        }
        out.writeJson(name + "/results.json", json);
        return out.writeText(name + ".html", html);
    }

    /**
     * What a chapter has to say at the end.
     *
     * @param lines for the terminal
     * @param json its numbers
     */
    public record Outcome(String chapter, Path page, List<String> lines, Object json) {}
}
