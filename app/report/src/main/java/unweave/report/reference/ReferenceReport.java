package unweave.report.reference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import unweave.drsa.Subspaces;
import unweave.drsa.reference.Aggregation;
import unweave.drsa.reference.Criterion;
import unweave.drsa.reference.Reference;
import unweave.explain.data.ClipReader.Clip;
import unweave.explain.reference.ClassReferences;
import unweave.explain.reference.ReferenceRun;
import unweave.report.Card;
import unweave.report.ReportPage;

/** The page about the references of a run. */
final class ReferenceReport {
    private static final String READING =
            """
      Every concept has a row of sounds in which it shows most. Chosen by relevance, they are the sounds in whose \
      decision the concept \
      counts most: they show what the network uses it for. Chosen by activation, they are the sounds in which the \
      concept is strongest, \
      whether or not the decision rests on it: they show what it reacts to.

      The upper picture is what the network received, time from left to right and pitch from bottom to top. The \
      lower picture shows where \
      the concept is: red marks what its score comes from, blue what lowers it. The frame holds all that the network \
      can see from the \
      place where the concept is strongest. Play the clip, then only the parts of it that count for the concept.""";
    private static final Map<Criterion, String> HEADINGS = Map.of(
            Criterion.RELEVANCE, "By relevance: where the decision for %s rests on it most",
            Criterion.ACTIVATION, "By activation: where it is strongest");

    private final ReferenceRun run;
    private final ReportPage page;
    private String className;

    /** @param all one for every class that will be shown */
    ReferenceReport(ReferenceRun run, List<Subspaces> all) {
        this.run = run;
        String layer = all.get(0).provenance().layer();
        page = new ReportPage("What the concepts at " + layer + " stand for").kicker("Unweave references");
        page.lead("The sounds in which each concept of " + classes(all) + " shows most, to be seen and heard.");
        page.facts(facts(all, layer)).section("How to read this").text(READING);
    }

    private static String classes(List<Subspaces> all) {
        String names =
                all.stream().map(one -> quoted(one.provenance().className())).collect(Collectors.joining(", "));
        return all.size() > 4 ? all.size() + " classes" : names;
    }

    /** In quotes, since names of classes may be numbers or words of any kind. */
    private static String quoted(String className) {
        return "\u201c" + className + "\u201d";
    }

    private Map<String, String> facts(List<Subspaces> all, String layer) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Model", run.modelFile() + " (" + run.modelFingerprint() + ")");
        facts.put(
                "Concepts",
                all.get(0).count() + " subspaces at " + layer + " ("
                        + all.get(0).method() + ")");
        facts.put(
                "Sounds searched",
                (run.ofAllClasses() ? "all classes, " : "of the concept's own class, ") + run.split() + " sounds of "
                        + run.data());
        facts.put(
                "Score",
                run.aggregation() == Aggregation.SUM
                        ? "sum over all positions of the layer"
                        : "largest value of any position of the layer");
        facts.put("Relevance rules", run.composite());
        return facts;
    }

    /**
     * @param concepts those that will be shown, counted from 0
     * @param fileName the sound that a clip was cut from
     */
    void beginClass(ClassReferences found, List<Integer> concepts, String scoresFile, Function<Clip, String> fileName) {
        className = quoted(found.className());
        page.section("Class " + className);
        int clips = found.clips().size();
        int count = found.subspaces().count();
        int some = concepts.size();
        String limits =
                some < count ? " Of its " + count + " concepts, ordered by relevance, " + some + " are shown." : "";
        long sounds = found.clips().stream().map(Clip::place).distinct().count();
        String searched = sounds == clips
                ? sounds + (sounds == 1 ? " sound was" : " sounds were") + " searched."
                : clips + " clips of " + sounds + " sounds were searched; of each sound only its best clip is shown.";
        page.text(searched + limits);
        List<String> header = new ArrayList<>(List.of("concept", "share of relevance"));
        run.criteria().forEach(criterion -> header.add("best by " + ReferenceJson.name(criterion)));
        page.table(
                "",
                header,
                concepts.stream().map(concept -> row(found, concept, fileName)).toList());
        page.links(Map.of("scores of all clips for all concepts (JSON)", scoresFile));
    }

    private List<String> row(ClassReferences found, int concept, Function<Clip, String> fileName) {
        List<String> row = new ArrayList<>();
        row.add(String.valueOf(concept + 1));
        row.add(share(found.subspaces(), concept));
        for (Criterion criterion : run.criteria()) {
            List<Reference> best = found.top(concept, criterion, 1);
            row.add(
                    best.isEmpty()
                            ? "\u2013"
                            : fileName.apply(found.clips().get(best.get(0).input())));
        }
        return row;
    }

    private static String share(Subspaces subspaces, int concept) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * subspaces.relevanceShares()[concept])
                .replace('-', '\u2212');
    }

    /** @param channels that span the concept; may be empty */
    void beginConcept(int concept, List<Integer> channels) {
        String made = channels.isEmpty()
                ? ""
                : (channels.size() == 1 ? ": channel " : ": channels ")
                        + channels.stream().map(String::valueOf).collect(Collectors.joining(", "));
        page.subsection("Concept " + (concept + 1) + " of " + className + made);
    }

    /** @param cards one per reference, best first; may be empty */
    void add(Criterion criterion, List<Card> cards) {
        page.text(String.format(HEADINGS.get(criterion), className) + ".");
        if (cards.isEmpty()) {
            page.note("No clip shows this concept by " + ReferenceJson.name(criterion) + ".");
        } else {
            page.cards(cards);
        }
    }

    String toHtml() {
        return page.footer("Made by Unweave. Seed " + run.seed() + ".").toHtml();
    }
}
