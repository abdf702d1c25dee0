package unweave.report.explanation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import unweave.drsa.Subspaces;
import unweave.engine.model.Probabilities;
import unweave.explain.Conservation;
import unweave.explain.Excerpt;
import unweave.explain.Explanation;
import unweave.explain.Prediction;
import unweave.report.ClassScore;
import unweave.report.ListeningRoom;
import unweave.report.ReportPage;
import unweave.report.StillRoom;

/** The page about all explained sounds of a run. */
final class ExplanationReport {
    /** The rest are listed only. */
    private static final int SOUNDS_IN_FULL = ExplanationWriter.ON_PAGE;
    /** Of networks with many classes only the likeliest are shown. */
    private static final int CLASSES_SHOWN = 12;

    private static final String READING =
            """
      The picture shows time from left to right and pitch from bottom to top: grey is the sound, and colour what the \
      network's decision rests on; the stronger the colour, the more it counts. For one part alone, red marks what \
      speaks for the class and blue what speaks against it. Below, the same for every moment, and what you hear: \
      the sounds of the parts hold only what speaks for the class.""";
    private static final String READING_CONCEPTS =
            """
      The standard explanation shows everything that led to the decision at once. Each concept shows one part of it, \
      found in what the network \
      computes inside; together the concepts add up to the standard explanation. By share, a concept is as loud as its \
      part of the relevance is large; matched, each is as loud as the input.""";
    private static final String ADDING_UP =
            """
      Relevance starts as the logit of the explained class and is handed down layer by layer to the picture. Biases,       constants and stabilisers take or add       the rest, here %.0f %% of the logit.""";
    private static final String LARGE_REST = " More than half of this logit does not come from this input.";
    private static final String ADDING_UP_CONCEPTS =
            " The difference between the sum of the concepts and the standard explanation is given as a part of "
                    + "the largest value there.";

    private record Entry(ExplainedSound sound, StillRoom still) {}

    private final ExplainRun run;
    private final List<Entry> entries = new ArrayList<>();
    private final List<List<String>> overview = new ArrayList<>();
    /** Whose concepts the sounds are split by. */
    private final Map<String, Subspaces> conceptsOf = new LinkedHashMap<>();

    ExplanationReport(ExplainRun run) {
        this.run = run;
    }

    /** @param still its input, standard map and concepts beside the page */
    void add(ExplainedSound sound, StillRoom still) {
        if (entries.size() < SOUNDS_IN_FULL) {
            entries.add(new Entry(sound, still));
        }
        sound.explanation()
                .subspaces()
                .ifPresent(subspaces -> conceptsOf.put(subspaces.provenance().className(), subspaces));
        overview.add(overviewRow(sound));
    }

    /** @param alone the room of the only sound; null where there are several, whose rooms lie beside the page */
    String toHtml(ListeningRoom alone) {
        return (alone != null ? one(entries.get(0).sound, alone) : several())
                .footer("Made by Unweave. Seed " + run.seed() + ".")
                .toHtml();
    }

    private ReportPage one(ExplainedSound sound, ListeningRoom room) {
        int concepts = sound.explanation().concepts().size();
        ReportPage page = new ReportPage(sound.fileName()).kicker("Unweave explanation");
        page.lead(sound.decision()
                + (concepts < 2
                        ? ""
                        : " What led to this is split into " + concepts
                                + " concepts, which can be seen and heard below."));
        page.facts(facts(sound));
        page.section("What speaks for and against " + sound.explainedClass()).anchor(ExplanationWriter.anchor(1));
        page.room(room);
        reading(page, sound);
        page.section("Decision");
        decision(page, sound);
        page.section("Do the numbers add up?");
        conservation(page, sound);
        return page.section("Files").links(links(sound));
    }

    private ReportPage several() {
        ExplainedSound first = entries.get(0).sound;
        ReportPage page = new ReportPage(overview.size() + " sounds explained").kicker("Unweave explanation");
        page.lead("What a network decides about " + overview.size()
                + " sounds, and which parts of each sound led to the decision.");
        page.facts(facts(first)).section("All sounds");
        reading(page, first);
        overviewTable(page);
        if (overview.size() > SOUNDS_IN_FULL) {
            page.note("Only the first " + SOUNDS_IN_FULL
                    + " sounds are shown below; the files of all others lie in their folders beside this page.");
        }
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            page.section(entry.sound.folder())
                    .anchor(ExplanationWriter.anchor(i + 1))
                    .text("Sound: " + entry.sound.excerpt().name() + ".\n\n" + entry.sound.decision());
            page.room(entry.sound.folder(), entry.sound.file(ExplanationWriter.ROOM), entry.still);
            page.subsection("Decision");
            decision(page, entry.sound);
            page.subsection("Do the numbers add up?");
            conservation(page, entry.sound);
            page.links(links(entry.sound));
        }
        return page;
    }

    private Map<String, String> facts(ExplainedSound sound) {
        Map<String, String> facts = new LinkedHashMap<>();
        if (overview.size() == 1) {
            Excerpt excerpt = sound.excerpt();
            facts.put(
                    "Sound",
                    excerpt.name() + ", " + Excerpt.decimal(excerpt.start()) + " s to " + Excerpt.decimal(excerpt.end())
                            + " s");
        }
        facts.put("Model", run.modelFile() + " (" + run.modelFingerprint() + ")");
        facts.put("Concepts", concepts());
        facts.put("Relevance rules", run.composite());
        if (run.gain() != 1) {
            facts.put("Colours", "small relevances emphasised, gain " + Excerpt.decimal(run.gain()));
        }
        return facts;
    }

    private String concepts() {
        if (conceptsOf.isEmpty()) {
            return "not split, no subspaces were given";
        }
        Subspaces first = conceptsOf.values().iterator().next();
        String where = " at " + first.provenance().layer() + " (" + first.method() + ")";
        return conceptsOf.size() == 1
                ? first.count() + " subspaces of " + first.provenance().className() + where
                : "subspaces of the class that is explained" + where + ": concepts of "
                        + String.join(", ", conceptsOf.keySet()) + " have nothing to do with each other";
    }

    private static void reading(ReportPage page, ExplainedSound sound) {
        page.text(READING);
        if (!sound.explanation().concepts().isEmpty()) {
            page.text(READING_CONCEPTS);
        }
    }

    private void decision(ReportPage page, ExplainedSound sound) {
        page.decision(scores(sound));
        if (run.classNames().size() > CLASSES_SHOWN) {
            page.text(
                    "The likeliest " + CLASSES_SHOWN + " of " + run.classNames().size() + " classes.");
        }
        if (run.probabilities() == Probabilities.SIGMOID) {
            page.text("Every class applies or does not by itself (sigmoid), so probabilities do not add up to 100 %.");
        }
        sound.notes().forEach(note -> page.note(sentence(note)));
    }

    /** The likeliest classes, and the explained one. */
    private static List<ClassScore> scores(ExplainedSound sound) {
        Explanation explanation = sound.explanation();
        List<Prediction> order = explanation.predictions().stream()
                .sorted(Comparator.comparingDouble(prediction -> -prediction.logit()))
                .toList();
        List<ClassScore> scores = new ArrayList<>();
        for (int rank = 0; rank < order.size(); rank++) {
            Prediction prediction = order.get(rank);
            boolean explained = prediction.equals(explanation.explained());
            if (rank < CLASSES_SHOWN || explained) {
                scores.add(new ClassScore(
                        prediction.className(), prediction.logit(), prediction.probability(), explained));
            }
        }
        return scores;
    }

    private static void conservation(ReportPage page, ExplainedSound sound) {
        Conservation conservation = sound.explanation().conservation();
        Map<String, String> numbers = new LinkedHashMap<>();
        numbers.put("logit that is distributed", number("%.4g", conservation.logit()));
        if (!Double.isNaN(conservation.layerRelevance())) {
            String layer = sound.explanation()
                    .subspaces()
                    .map(subspaces -> subspaces.provenance().layer())
                    .orElseThrow();
            numbers.put("arrives at " + layer, number("%.4g", conservation.layerRelevance()));
        }
        numbers.put("arrives at the input", number("%.4g", conservation.standardSum()));
        if (!Double.isNaN(conservation.conceptSumError())) {
            numbers.put(
                    "concepts against standard, largest difference", number("%.1e", conservation.conceptSumError()));
        }
        page.keyNumbers(numbers);
        page.text(number(ADDING_UP, 100 * conservation.error())
                + (conservation.error() > 0.5 ? LARGE_REST : "")
                + (sound.explanation().concepts().isEmpty() ? "" : ADDING_UP_CONCEPTS));
        page.details("Layer by layer", inside -> inside.table("", LedgerTable.HEADER, LedgerTable.rows(conservation)));
    }

    private static Map<String, String> links(ExplainedSound sound) {
        Map<String, String> links = new LinkedHashMap<>();
        links.put("all numbers (JSON)", sound.file(ExplanationWriter.NUMBERS));
        links.put("relevance maps (NPY)", sound.file("relevance.npy"));
        links.put("what the network received (NPY)", sound.file("log-mel.npy"));
        links.put("all pictures in a row (PNG)", sound.file("overview.png"));
        return links;
    }

    /** The classes of the sounds may have different numbers of concepts. */
    private void overviewTable(ReportPage page) {
        List<String> header = new ArrayList<>(List.of("sound", "explained class", "probability", "logit"));
        int columns = overview.stream().mapToInt(List::size).max().orElseThrow();
        for (int concept = 1; header.size() < columns; concept++) {
            header.add("concept " + concept);
        }
        overview.forEach(row -> row.addAll(Collections.nCopies(columns - row.size(), "")));
        page.table("", header, overview);
    }

    private static List<String> overviewRow(ExplainedSound sound) {
        Explanation explanation = sound.explanation();
        List<String> row = new ArrayList<>(List.of(
                sound.folder(),
                sound.explainedClass(),
                number("%.1f %%", 100 * explanation.explained().probability()),
                number("%.2f", explanation.explained().logit())));
        explanation.concepts().forEach(concept -> row.add(number("%.0f %%", 100 * concept.share())));
        return row;
    }

    private static String sentence(String note) {
        return note.substring(0, 1).toUpperCase(Locale.ROOT) + note.substring(1) + ".";
    }

    /** With a minus sign instead of a hyphen. */
    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value).replace('-', '\u2212');
    }
}
