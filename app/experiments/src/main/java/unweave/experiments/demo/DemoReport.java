package unweave.experiments.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import unweave.audio.file.SoundFiles;
import unweave.audio.synthetic.SyntheticGenerator;
import unweave.drsa.Method;
import unweave.engine.train.EpochRecord;
import unweave.explain.Explanation;
import unweave.explain.Part;
import unweave.figure.PanelGrid;
import unweave.report.Card;
import unweave.report.Figure;
import unweave.report.ListeningRoom;
import unweave.report.Picture;
import unweave.report.ReportPage;
import unweave.report.Sound;
import unweave.report.SoundRow;
import unweave.report.explanation.ExplanationSounds;
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

    String toHtml() throws IOException {
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
        if (!result.chance().shown()) {
            return List.of(unbroken(result.verdict().get(0)));
        }
        String recognised = String.format(
                Locale.ROOT,
                "%d of the %d objects have concepts of their own: concepts that take most of the object's effect, and of "
                        + "no other object's. Random subspaces give %d, DSA gives %d, an oracle that was told the "
                        + "objects %d.",
                result.recognised(Method.DRSA),
                result.objects(),
                result.recognised(Method.RANDOM),
                result.recognised(Method.DSA),
                result.recognised(Method.ORACLE));
        return List.of(recognised, unbroken(String.join(" ", result.verdict())));
    }

    private Map<String, String> keyNumbers() {
        Map<String, String> numbers = new LinkedHashMap<>();
        for (Method method : DemoResult.METHODS) {
            numbers.put(
                    "object information, " + ObjectSection.columnName(method),
                    decimals(result.information(method).mean()));
        }
        numbers.put(
                "selectivity, DRSA", decimals(result.selectivity(Method.DRSA).mean()));
        numbers.put("test accuracy", percent(result.trained().test().accuracy(), 2));
        return numbers;
    }

    private void explained(ReportPage page, ClassResult aClass) throws IOException {
        page.section("Concepts of " + aClass.name());
        page.text("Red marks what speaks for the class, blue what speaks against it. The standard map shows "
                + "everything that led to the decision; the"
                + " concept maps add up to it. Colours grow with the square root of the relevance, so "
                + "that weak parts show."
                + " Each concept has the name of the object it answers to, with the share of that object's effect. "
                + "Concepts are ordered by the relevance they carry over many sounds.");
        explained(
                page,
                aClass,
                Method.DRSA,
                aClass.drsa(),
                "DRSA: " + aClass.drsa().size() + " held-out sounds of " + aClass.name()
                        + ", from left to right the input, the standard map and the concepts from the first to the last "
                        + "(compare Fig. 4.3). A + after a title: the concept answers to other objects, too, see the "
                        + "matrix. Below, the same as sounds, with each concept's share of the relevance.");
        page.figure(
                pictures.objects(aClass),
                "The four objects that the first sound is made of, each alone (compare Fig. 4.4).");
        explained(
                page, aClass, Method.RANDOM, aClass.random(), "Random subspaces, the same sounds (compare Fig. 4.5).");
        page.subsection("Listen to the first sound of " + aClass.name());
        page.room(room(aClass));
        page.subsection("The objects it is made of");
        page.cards(objectCards(aClass));
    }

    /** A figure with a player for each of its panels. */
    private void explained(
            ReportPage page, ClassResult aClass, Method method, List<Explanation> explanations, String caption)
            throws IOException {
        List<String> titles = shortTitles(aClass, method);
        PanelGrid grid = pictures.concepts(explanations, titles);
        List<SoundRow> sounds = new ArrayList<>();
        for (Explanation explanation : explanations) {
            String row = DemoPictures.rowName(sounds.size() + 1);
            String prefix = String.join("-", aClass.name(), DemoResult.name(method), row.replace(' ', '-'), "");
            sounds.add(ExplanationSounds.row(
                    row, explanation, (label, name, wav) -> new Sound(label, prefix + name + ".wav", wav)));
        }
        String alt = "Concept maps of " + aClass.name() + ": " + String.join(", ", titles);
        page.figure(new Picture(grid.toPng(), alt, grid.toNarrowPng()), caption).players(grid.columns(), sounds);
    }

    /** As short as a picture needs: the first object, and whether there are others. Of a network at chance a number. */
    private List<String> shortTitles(ClassResult aClass, Method method) {
        List<String> titles = new ArrayList<>();
        for (String title : aClass.titles(method)) {
            titles.add(
                    result.chance().shown() ? title.replaceFirst("; also .*", " +") : "Concept " + (titles.size() + 1));
        }
        return titles;
    }

    /**
     * With the name of the object that each concept answers to most; figure and matrix tell how much, and what else.
     */
    private ListeningRoom room(ClassResult aClass) {
        Explanation explanation = aClass.drsa().get(0);
        List<String> objects = aClass.titles(Method.DRSA);
        Map<String, String> titles = new LinkedHashMap<>();
        for (int k = 0; k < objects.size() && result.chance().shown(); k++) {
            Part concept = explanation.concepts().get(k);
            titles.put(concept.name(), concept.title() + ": " + objects.get(k).replaceFirst(",.*", ""));
        }
        return pictures.room("The first sound of " + aClass.name(), explanation).titled(titles);
    }

    private List<Card> objectCards(ClassResult aClass) {
        List<Card> cards = new ArrayList<>();
        float[][] objects = aClass.samples().get(0).objects();
        for (int i = 0; i < objects.length; i++) {
            cards.add(Card.of(aClass.shortNames().get(i), pictures.object(aClass, i))
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
        page.text(SubspaceFigures.orthogonalization(result.orthogonalization()));
        page.figures(curves);
        Map<String, String> times = new LinkedHashMap<>();
        times.put(
                "training",
                String.format(Locale.ROOT, "%.1f s", result.trained().seconds()));
        times.put("subspaces", String.format(Locale.ROOT, "%.1f s", result.subspaceSeconds()));
        times.put("conservation error (bias absorbs relevance)", percent(result.conservationError(), 1));
        times.put("concepts add up to", String.format(Locale.ROOT, "%.1e", result.conceptSumError()));
        times.put("total time", String.format(Locale.ROOT, "%.0f s", result.totalSeconds()));
        page.keyNumbers(times);
        Map<String, String> files = new LinkedHashMap<>();
        files.put("Summary", "summary.json");
        files.put("Model", "model.safetensors");
        files.put("Subspaces", "subspaces.safetensors");
        files.put("Training metrics", "metrics.csv");
        page.links(files);
    }

    /** Keeps numbers together with their errors and units. */
    static String unbroken(String text) {
        return text.replace(" \u00b1 ", "\u00a0\u00b1\u00a0")
                .replace(" %", "\u00a0%")
                .replace(" Hz", "\u00a0Hz");
    }

    private static String percent(double share, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f %%", 100 * share);
    }

    private static String decimals(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
