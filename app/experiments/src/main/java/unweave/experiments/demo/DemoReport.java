package unweave.experiments.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import unweave.audio.file.SoundFiles;
import unweave.audio.synthetic.SyntheticGenerator;
import unweave.drsa.Method;
import unweave.drsa.ObjectRecovery;
import unweave.explain.Explanation;
import unweave.explain.Part;
import unweave.figure.BarChart;
import unweave.report.Card;
import unweave.report.Figure;
import unweave.report.Picture;
import unweave.report.ReportPage;
import unweave.report.training.SubspaceFigures;
import unweave.report.training.TrainingFigures;

/** The demo as one page: numbers, curves, the thesis' figures 4.3 to 4.5, and sounds. */
final class DemoReport {
    private final DemoResult result;
    private final DemoPictures pictures;

    DemoReport(DemoResult result) {
        this.result = result;
        this.pictures = new DemoPictures(result.settings().preset().spectrogram());
    }

    String toHtml() {
        ReportPage page = new ReportPage("What the network hears")
                .kicker("Unweave demo")
                .lead("A network was trained to tell two classes of synthetic sounds apart. Every sound is "
                        + "made of up to four known objects, so we can check"
                        + " whether the concepts found inside the network are the objects that the "
                        + "sounds were made of.")
                .lead(result.verdict());
        page.keyNumbers(keyNumbers());
        for (ClassResult aClass : result.classes()) {
            explained(page, aClass);
        }
        recovery(page);
        training(page);
        return page.footer("Made by Unweave. Seed " + result.settings().seed() + ".")
                .toHtml();
    }

    private Map<String, String> keyNumbers() {
        Map<String, String> numbers = new LinkedHashMap<>();
        numbers.put("test accuracy", percent(result.trained().test().accuracy(), 2));
        numbers.put("object recovery, DRSA", decimals(result.recovery(Method.DRSA)));
        numbers.put("object recovery, DSA", decimals(result.recovery(Method.DSA)));
        numbers.put("object recovery, random", decimals(result.recovery(Method.RANDOM)));
        numbers.put("concepts add up to", String.format(Locale.ROOT, "%.1e", result.conceptSumError()));
        numbers.put("total time", String.format(Locale.ROOT, "%.0f s", result.totalSeconds()));
        return numbers;
    }

    private void explained(ReportPage page, ClassResult aClass) {
        page.section("Concepts of " + aClass.name());
        page.text("Red marks what speaks for the class, blue what speaks against it. The standard map shows "
                + "everything that led to the decision; the"
                + " concept maps add up to it. Colours grow with the square root of the relevance, so "
                + "that weak parts show."
                + " Concepts are ordered by the relevance they carry over many sounds.");
        page.figure(
                pictures.concepts(aClass, aClass.drsa()),
                "DRSA: " + aClass.drsa().size() + " held-out sounds of " + aClass.name()
                        + ", from left to right the input, the standard map and the concepts (compare Fig. 4.3).");
        page.figure(
                pictures.objects(aClass),
                "The four objects that the first sound is made of, each alone (compare Fig. 4.4).");
        page.figure(
                pictures.concepts(aClass, aClass.random()), "Random subspaces, the same sounds (compare Fig. 4.5).");
        page.subsection("Listen to the first sound of " + aClass.name());
        page.cards(cards(aClass));
        page.subsection("The objects it is made of");
        page.cards(objectCards(aClass));
    }

    private List<Card> cards(ClassResult aClass) {
        Explanation explanation = aClass.drsa().get(0);
        List<Card> cards = new ArrayList<>();
        cards.add(Card.of("input", pictures.input(explanation))
                .sound(aClass.name() + "-input.wav", wav(explanation.input().signal())));
        for (Part part : explanation.parts()) {
            cards.add(Card.of(part.title(), pictures.part(explanation, part))
                    .share(part.share())
                    .sound(
                            aClass.name() + "-" + part.name() + ".wav",
                            wav(part.sound().samples())));
        }
        return cards;
    }

    private List<Card> objectCards(ClassResult aClass) {
        List<Card> cards = new ArrayList<>();
        float[][] objects = aClass.samples().get(0).objects();
        for (int i = 0; i < objects.length; i++) {
            cards.add(Card.of(aClass.objectNames().get(i), pictures.object(aClass, i))
                    .sound(aClass.name() + "-object-" + (i + 1) + ".wav", wav(objects[i])));
        }
        return cards;
    }

    private static byte[] wav(float[] signal) {
        return SoundFiles.wavBytes(signal, SyntheticGenerator.SAMPLE_RATE);
    }

    private void recovery(ReportPage page) {
        page.section("Do the concepts recover the objects?");
        page.text("Object recovery is the average precision with which a concept map finds the time-frequency "
                + "bins of an object (bins within 20 dB of the"
                + " object's loudest), each object matched to one concept for all "
                + result.settings().recoverySamples() + " sounds of a class, which hold"
                + " all four objects. 1 is perfect; the base rate is what a constant map scores. A "
                + "network may ignore an object: the last column shows how"
                + " much of the standard map's positive relevance falls on each.");
        if (!result.drsaIsBest()) {
            page.warning(result.verdict());
        }
        for (ClassResult aClass : result.classes()) {
            page.figure(
                    chart(aClass).toPng(),
                    "Object recovery of " + aClass.name(),
                    "Object recovery of " + aClass.name() + " by method.");
            page.table(
                    aClass.name(),
                    List.of(
                            "object",
                            "DRSA",
                            "DSA",
                            "random",
                            "base rate",
                            "concept of DRSA",
                            "share of the standard map"),
                    recoveryRows(aClass));
        }
    }

    private static BarChart chart(ClassResult aClass) {
        List<String> groups = new ArrayList<>(aClass.objectNames());
        groups.add("mean");
        BarChart chart = new BarChart("Object recovery, " + aClass.name(), "average precision", groups)
                .range(0, 1)
                .numbers(2);
        for (MethodResult method : aClass.methods()) {
            double[] values = new double[groups.size()];
            double[] errors = new double[groups.size()];
            for (int i = 0; i < values.length - 1; i++) {
                values[i] = method.object(i);
                errors[i] =
                        method.recoveries().get(0).objects().get(i).recovery().standardError();
            }
            values[values.length - 1] = method.recovery();
            errors[values.length - 1] = method.standardError();
            chart.bars(method.method().name(), values, errors);
        }
        return chart;
    }

    private static List<List<String>> recoveryRows(ClassResult aClass) {
        List<List<String>> rows = new ArrayList<>();
        ObjectRecovery drsa = aClass.of(Method.DRSA).recoveries().get(0);
        for (int i = 0; i < aClass.objectNames().size(); i++) {
            ObjectRecovery.ObjectScore score = drsa.objects().get(i);
            rows.add(List.of(
                    aClass.objectNames().get(i),
                    decimals(aClass.of(Method.DRSA).object(i)),
                    decimals(aClass.of(Method.DSA).object(i)),
                    decimals(aClass.of(Method.RANDOM).object(i)),
                    decimals(score.baseRate().mean()),
                    score.concept() < 0 ? "-" : String.valueOf(score.concept() + 1),
                    percent(score.standardShare().mean(), 1)));
        }
        rows.add(List.of(
                "mean",
                decimals(aClass.of(Method.DRSA).recovery()),
                decimals(aClass.of(Method.DSA).recovery()),
                decimals(aClass.of(Method.RANDOM).recovery()),
                "",
                "",
                percent(1 - drsa.shareElsewhere().mean(), 1)));
        rows.add(List.of(
                "mean, matched per sound",
                decimals(aClass.of(Method.DRSA).ownAssignment()),
                decimals(aClass.of(Method.DSA).ownAssignment()),
                decimals(aClass.of(Method.RANDOM).ownAssignment()),
                "",
                "",
                ""));
        return rows;
    }

    private void training(ReportPage page) {
        page.section("Training and optimisation");
        page.figures(List.of(
                new Figure(
                        new Picture(
                                TrainingFigures.accuracy(
                                        result.trained().result().history()),
                                "Accuracy per epoch"),
                        "Accuracy."),
                new Figure(
                        new Picture(
                                TrainingFigures.loss(result.trained().result().history()), "Loss per epoch"),
                        "Cross-entropy.")));
        List<Figure> curves = new ArrayList<>();
        for (ClassResult aClass : result.classes()) {
            for (Method method : List.of(Method.DRSA, Method.DSA)) {
                curves.add(new Figure(
                        new Picture(
                                SubspaceFigures.curves(
                                        aClass.of(method).subspaces().get(0)),
                                method + " objective"),
                        method + ", " + aClass.name() + ": objective of each start."));
            }
        }
        page.figures(curves);
        Map<String, String> times = new LinkedHashMap<>();
        times.put(
                "training",
                String.format(Locale.ROOT, "%.1f s", result.trained().seconds()));
        times.put("subspaces", String.format(Locale.ROOT, "%.1f s", result.subspaceSeconds()));
        times.put("conservation error (bias absorbs relevance)", percent(result.conservationError(), 1));
        page.keyNumbers(times);
        Map<String, String> files = new LinkedHashMap<>();
        files.put("Summary", "summary.json");
        files.put("Model", "model.safetensors");
        files.put("Subspaces", "subspaces.safetensors");
        files.put("Training metrics", "metrics.csv");
        page.links(files);
    }

    private static String percent(double share, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f %%", 100 * share);
    }

    private static String decimals(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
