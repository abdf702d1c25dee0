package unweave.experiments.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import unweave.audio.file.SoundFiles;
import unweave.audio.synthetic.SyntheticGenerator;
import unweave.drsa.Method;
import unweave.engine.train.EpochRecord;
import unweave.explain.Explanation;
import unweave.explain.Part;
import unweave.report.Card;
import unweave.report.Figure;
import unweave.report.Picture;
import unweave.report.ReportPage;
import unweave.report.evaluation.ObjectMatrix;
import unweave.report.training.SubspaceFigures;
import unweave.report.training.TrainingFigures;

/** The demo as one page: which concept is which object, the thesis' figures 4.3 to 4.5 and sounds, numbers, curves. */
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
                .lead("A network was trained to tell two classes of synthetic sounds apart. Every sound is made of up "
                        + "to four known objects, so we can check whether the concepts found inside the network, at "
                        + "its layer " + result.settings().subspaces().layer()
                        + ", stand for the objects that the sounds were made of.");
        leads().forEach(page::lead);
        page.keyNumbers(keyNumbers());
        new ObjectSection(result).addTo(page);
        for (ClassResult aClass : result.classes()) {
            explained(page, aClass);
        }
        new RecoverySection(result).addTo(page);
        training(page);
        return page.footer("Made by Unweave. Seed " + result.settings().seed() + ".")
                .toHtml();
    }

    private List<String> leads() {
        List<String> verdict = result.verdict();
        if (verdict.size() == 1) {
            return verdict;
        }
        String recognised = String.format(
                Locale.ROOT,
                "Of the %d objects, %d have a concept of their own in DRSA, %d in DSA, %d in random subspaces (the "
                        + "floor), %d in subspaces that were told the objects (the oracle, the ceiling).",
                result.objects(),
                result.recognised(Method.DRSA),
                result.recognised(Method.DSA),
                result.recognised(Method.RANDOM),
                result.recognised(Method.ORACLE));
        return List.of(recognised, String.join(" ", verdict));
    }

    private Map<String, String> keyNumbers() {
        Map<String, String> numbers = new LinkedHashMap<>();
        for (Method method : DemoResult.METHODS) {
            numbers.put(
                    "object information, " + ObjectSection.columnName(method),
                    ObjectSection.text(result.information(method)));
        }
        numbers.put("selectivity, DRSA", ObjectSection.text(result.selectivity(Method.DRSA)));
        numbers.put("test accuracy", percent(result.trained().test().accuracy(), 2));
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
                + " Each concept has the name of the object it answers to, with the share of that object's effect. "
                + "Concepts are ordered by the relevance they carry over many sounds.");
        page.figure(
                pictures.concepts(aClass, aClass.drsa(), titles(aClass, Method.DRSA)),
                "DRSA: " + aClass.drsa().size() + " held-out sounds of " + aClass.name()
                        + ", from left to right the input, the standard map and the concepts (compare Fig. 4.3).");
        page.figure(
                pictures.objects(aClass),
                "The four objects that the first sound is made of, each alone (compare Fig. 4.4).");
        page.figure(
                pictures.concepts(aClass, aClass.random(), titles(aClass, Method.RANDOM)),
                "Random subspaces, the same sounds (compare Fig. 4.5).");
        page.subsection("Listen to the first sound of " + aClass.name());
        page.cards(cards(aClass));
        page.subsection("The objects it is made of");
        page.cards(objectCards(aClass));
    }

    /** As short as a picture needs: the own object, or that there is none. */
    private static List<String> titles(ClassResult aClass, Method method) {
        ObjectMatrix matrix = aClass.matrix(method);
        return IntStream.range(0, aClass.of(method).subspaces().get(0).count())
                .mapToObj(k -> matrix.title(k).split(";", 0)[0])
                .toList();
    }

    private List<Card> cards(ClassResult aClass) {
        Explanation explanation = aClass.drsa().get(0);
        ObjectMatrix matrix = aClass.matrix(Method.DRSA);
        List<Card> cards = new ArrayList<>();
        cards.add(Card.of("input", pictures.input(explanation))
                .sound(aClass.name() + "-input.wav", wav(explanation.input().signal())));
        for (Part part : explanation.parts()) {
            int concept = explanation.concepts().indexOf(part);
            String title = part.title() + (concept < 0 ? "" : ": " + matrix.title(concept));
            cards.add(Card.of(title, pictures.part(explanation, part))
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

    private void training(ReportPage page) {
        page.section("Training and optimisation");
        List<EpochRecord> history = result.trained().result().history();
        if (!history.isEmpty()) {
            page.figures(List.of(
                    new Figure(new Picture(TrainingFigures.accuracy(history), "Accuracy per epoch"), "Accuracy."),
                    new Figure(new Picture(TrainingFigures.loss(history), "Loss per epoch"), "Cross-entropy.")));
        }
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
}
