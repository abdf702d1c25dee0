package unweave.report;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import unweave.figure.BarChart;
import unweave.figure.ExampleMaps;
import unweave.figure.LineChart;
import unweave.figure.MapPanel;
import unweave.figure.PanelGrid;

/**
 * Two pages with made-up numbers, as the program's two kinds of report use the builder: one explained sound, and the
 * demonstration.
 */
final class ExampleReports {

    private static final int SAMPLE_RATE = 16000;

    private ExampleReports() {}

    static String explain() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Model", "toy.safetensors");
        facts.put("Subspaces", "conv3, class 1, K = 4");
        facts.put("Sound", "sounds/test-0017.wav, 1.00 s, 16 kHz");
        ReportPage page = new ReportPage("test-0017.wav")
                .kicker("Unweave explanation")
                .lead("The network decides for class 1 with a probability of 99.8 %. Four concepts make up "
                        + "this decision; each can be seen and heard below.")
                .facts(facts)
                .section("Decision")
                .decision(List.of(
                        new ClassScore("class 1", 10.62, 0.998, true), new ClassScore("class 2", -4.18, 0.002, false)));
        page.section("What the decision rests on");
        explained(page, new ExampleMaps(1), "test-0017");
        Map<String, String> numbers = new LinkedHashMap<>();
        numbers.put("relevance of the standard map", "10.61");
        numbers.put("logit that was distributed", "10.62");
        numbers.put("lost on the way", "0.09 %");
        numbers.put("largest difference, concepts to standard", "3.1e\u22127");
        page.section("Do the numbers add up?")
                .keyNumbers(numbers)
                .text("The sum of the four concept maps is the standard map up to rounding, and its sum is "
                        + "the logit up to what biases absorb.")
                .details("How this was computed", inside -> inside.text("Relevance starts as the logit of class 1.")
                        .table(
                                "Rules",
                                List.of("layer", "rule"),
                                List.of(
                                        List.of("conv1", "flat"),
                                        List.of("conv2\u2013conv5", "gamma 0.8"),
                                        List.of("dense", "epsilon 1e-7"))));
        Map<String, String> links = new LinkedHashMap<>();
        links.put("numbers (JSON)", "test-0017/explanation.json");
        links.put("relevance maps (NPY)", "test-0017/concepts.npy");
        return page.section("Files")
                .links(links)
                .footer("Made by Unweave 0.1.0. Seed 7.")
                .toHtml();
    }

    static String demo() {
        Map<String, String> numbers = new LinkedHashMap<>();
        numbers.put("test accuracy", "99.6 %");
        numbers.put("training", "48 s");
        numbers.put("subspaces", "21 s");
        numbers.put("whole run", "1 min 42 s");
        numbers.put("conservation error", "0.0009");
        numbers.put("concept sum error", "2.4e\u22127");
        ReportPage page = new ReportPage("A network's decisions, taken apart")
                .kicker("Unweave demonstration")
                .lead("A small network learned to tell two kinds of synthetic sound apart. This page shows "
                        + "what it listens to: each decision is split into "
                        + "four concepts that can be seen and heard.")
                .facts(Map.of("Preset", "toy"))
                .section("Summary")
                .keyNumbers(numbers)
                .warning("DRSA recovers object 4 hardly better than random subspaces do (0.32 against 0.28): the "
                        + "network gives that object 4 % of its "
                        + "relevance.");
        page.section("Training")
                .figures(List.of(
                        new Figure(
                                new Picture(
                                        curves("Loss", "cross-entropy", 0.7, 0),
                                        "Loss per epoch, falling from 0.7 to below 0.01"),
                                ""),
                        new Figure(
                                new Picture(
                                        curves("Accuracy", "share classified correctly", -0.5, 1),
                                        "Accuracy per epoch, rising from 0.5 to 1"),
                                "")));
        page.section("Concepts found")
                .text("Each row is one held-out sound: its input, the standard explanation and the concepts.");
        grids(page);
        String alt = "Bars of object recovery: DRSA above DSA above random, but for object 4";
        page.section("Do concepts match the objects?")
                .figure(
                        new Picture(recovery(640), alt, recovery(380)),
                        "Mean average precision over time-frequency bins, 120 test sounds that hold all four "
                                + "objects; bars show the standard error.");
        page.table(
                "Object recovery, class 1",
                List.of("object", "DRSA", "DSA", "random", "share of relevance"),
                List.of(
                        List.of(
                                "1 modulating bass",
                                "0.71 \u00b1 0.02",
                                "0.60 \u00b1 0.02",
                                "0.31 \u00b1 0.02",
                                "24 %"),
                        List.of("2 sawtooth up", "0.88 \u00b1 0.01", "0.70 \u00b1 0.01", "0.42 \u00b1 0.01", "41 %"),
                        List.of(
                                "3 modulating sound",
                                "0.65 \u00b1 0.03",
                                "0.50 \u00b1 0.03",
                                "0.35 \u00b1 0.03",
                                "31 %"),
                        List.of("4", "0.32 \u00b1 0.02", "0.30 \u00b1 0.02", "0.28 \u00b1 0.02", "4 %")));
        page.section("Explained sounds").subsection("test-0017.wav, class 1");
        explained(page, new ExampleMaps(1), "test-0017");
        page.subsection("test-0023.wav, class 1");
        explained(page, new ExampleMaps(2), "test-0023");
        return page.footer("Made by Unweave 0.1.0. Seed 7.").toHtml();
    }

    /** A page whose sounds lie beside it in {@code chapter/sounds}. */
    static String chapter() {
        ReportPage page = new ReportPage("Synthetic sounds").section("Concepts of the synthetic classes");
        PanelGrid.Columns columns = grids(page);
        List<SoundRow> rows = new ArrayList<>();
        for (int sample = 1; sample <= 3; sample++) {
            List<Sound> sounds = new ArrayList<>();
            sounds.add(Sound.beside("Input", soundOfChapter(sample, "input")));
            sounds.add(Sound.beside("Standard", soundOfChapter(sample, "standard")));
            for (int k = 1; k <= ExampleMaps.OBJECTS; k++) {
                sounds.add(Sound.beside("Concept " + k + ", 34 %", soundOfChapter(sample, "concept-" + k)));
            }
            rows.add(new SoundRow("sound " + sample, sounds));
        }
        return page.players(columns, rows).toHtml();
    }

    private static String soundOfChapter(int sample, String name) {
        return "chapter/sounds/4-3/" + sample + "-" + name + ".wav";
    }

    private static void explained(ReportPage page, ExampleMaps maps, String name) {
        List<Card> cards = new ArrayList<>();
        List<MapPanel> panels = row(maps);
        double total = ExampleMaps.sum(maps.standard);
        cards.add(Card.of("Input", new Picture(panels.get(0).untitled().toPng(), "Log-mel spectrogram of " + name))
                .subtitle("log-mel spectrogram")
                .sound(name + ".wav", tone(440)));
        cards.add(Card.of(
                        "Standard explanation",
                        new Picture(panels.get(1).untitled().toPng(), "Relevance map of the whole decision"))
                .subtitle(MapPanel.relevanceSum(total, 0))
                .sound(name + "-standard.wav", tone(330)));
        for (int k = 0; k < ExampleMaps.OBJECTS; k++) {
            double sum = ExampleMaps.sum(maps.concepts[k]);
            cards.add(Card.of(
                            "Concept " + (k + 1),
                            new Picture(panels.get(k + 2).untitled().toPng(), "Relevance map of concept " + (k + 1)))
                    .subtitle(MapPanel.relevanceSum(sum, 0))
                    .share(sum / total)
                    .sound(name + "-concept-" + (k + 1) + ".wav", tone(220 + 110 * k)));
        }
        page.cards(cards);
    }

    private static PanelGrid.Columns grids(ReportPage page) {
        PanelGrid grid = new PanelGrid();
        for (int sample = 1; sample <= 3; sample++) {
            grid.row("sample " + sample, row(new ExampleMaps(sample)));
        }
        page.figure(
                new Picture(
                        grid.toPng(), "Input, standard map and four concept maps of three sounds", grid.toNarrowPng()),
                "DRSA subspaces at conv3. The concept maps of a row share one colour scale and add up to its "
                        + "standard map.");
        return grid.columns();
    }

    private static List<MapPanel> row(ExampleMaps maps) {
        List<MapPanel> panels = new ArrayList<>();
        double total = ExampleMaps.sum(maps.standard);
        double limit = MapPanel.largestMagnitude(maps.standard);
        panels.add(
                MapPanel.spectrogram("input", maps.logMel, ExampleMaps.axes()).subtitle("log-mel"));
        panels.add(MapPanel.relevance("standard", maps.standard, ExampleMaps.axes(), limit, 1)
                .subtitle(MapPanel.relevanceSum(total, 0)));
        for (int k = 0; k < ExampleMaps.OBJECTS; k++) {
            panels.add(MapPanel.relevance("concept " + (k + 1), maps.concepts[k], ExampleMaps.axes(), limit, 1)
                    .subtitle(MapPanel.relevanceSum(ExampleMaps.sum(maps.concepts[k]), total)));
        }
        return panels;
    }

    private static byte[] curves(String title, String label, double start, double end) {
        Random random = new Random(3);
        double[] training = new double[40];
        double[] validation = new double[40];
        for (int epoch = 0; epoch < training.length; epoch++) {
            training[epoch] = end + start * (Math.exp(-epoch / 5.0) + 0.004 * random.nextDouble());
            validation[epoch] = end + start * (Math.exp(-epoch / 5.5) + 0.015 * random.nextDouble());
        }
        return new LineChart(title, "epoch", label)
                .line("training", training)
                .line("validation", validation)
                .toPng();
    }

    private static byte[] recovery(double width) {
        double[] errors = {0.02, 0.01, 0.03, 0.02, 0.015};
        return new BarChart(
                        "Object recovery",
                        "mean average precision",
                        List.of("object 1", "object 2", "object 3", "object 4", "mean"))
                .size(width, 320)
                .range(0, 1)
                .numbers(2)
                .bars("DRSA", new double[] {0.71, 0.88, 0.65, 0.32, 0.64}, errors)
                .bars("DSA", new double[] {0.6, 0.7, 0.5, 0.3, 0.53}, errors)
                .bars("random", new double[] {0.31, 0.42, 0.35, 0.28, 0.34}, errors)
                .toPng();
    }

    /** One second of a sine as a 16-bit WAV file. */
    static byte[] tone(double frequencyHz) {
        int bytes = 2 * SAMPLE_RATE;
        ByteBuffer wav = ByteBuffer.allocate(44 + bytes).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(36 + bytes)
                .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
                .putInt(16);
        wav.putShort((short) 1)
                .putShort((short) 1)
                .putInt(SAMPLE_RATE)
                .putInt(bytes)
                .putShort((short) 2)
                .putShort((short) 16);
        wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(bytes);
        for (int i = 0; i < SAMPLE_RATE; i++) {
            wav.putShort((short) (8000 * Math.sin(2 * Math.PI * frequencyHz * i / SAMPLE_RATE)));
        }
        return wav.array();
    }
}
