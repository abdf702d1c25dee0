package unweave.report.explanation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import unweave.explain.Excerpt;
import unweave.explain.Explanation;
import unweave.explain.Part;

/**
 * One sound of a run with its explanation.
 *
 * @param folder name of its folder among the results
 */
public record ExplainedSound(ExplainRun run, Excerpt excerpt, Explanation explanation, String folder) {
    /** The file's name without its folders. */
    String fileName() {
        return String.valueOf(Path.of(excerpt.name()).getFileName());
    }

    String explainedClass() {
        return explanation.explained().className();
    }

    String predictedClass() {
        return explanation.decision().className();
    }

    /** A file of this sound, relative to the folder of all results. */
    String file(String name) {
        return folder + "/" + name;
    }

    /** The decision in words. */
    String decision() {
        String decision = String.format(
                Locale.ROOT,
                "The network decides for %s with a probability of %.1f %%.",
                predictedClass(),
                100 * explanation.decision().probability());
        if (explanation.explained().equals(explanation.decision())) {
            return decision;
        }
        return decision
                + String.format(
                        Locale.ROOT,
                        " Explained is what speaks for and against %s, to which it gives %.1f %%.",
                        explainedClass(),
                        100 * explanation.explained().probability());
    }

    /** What the reader should know about this explanation. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        String input = Excerpt.decimal(excerpt.inputSeconds());
        if (excerpt.paddedSeconds() > 0) {
            notes.add("shorter than the model's input of " + input + " s: " + Excerpt.decimal(excerpt.paddedSeconds())
                    + " s of silence were appended");
        }
        if (excerpt.start() > 0 || excerpt.end() < excerpt.soundSeconds()) {
            notes.add("explained from " + Excerpt.decimal(excerpt.start()) + " s to " + Excerpt.decimal(excerpt.end())
                    + " s of " + Excerpt.decimal(excerpt.soundSeconds()) + " s; --start chooses another part");
        }
        if (explanation.map().sum() < 0) {
            String why = explanation.explained().logit() < 0
                    ? "as the network speaks against " + explainedClass()
                    : "though the logit is above 0: what speaks for " + explainedClass()
                            + " are biases and constants of the network, not this sound";
            notes.add("the relevance sums to less than 0, " + why
                    + "; shares are parts of that negative sum, and the sounds hold what little speaks for it");
        }
        explanation
                .through()
                .ifPresent(other -> notes.add("the concepts are those of " + other + ": they show what of "
                        + explainedClass() + " goes through them, and together still all of it"));
        for (Part part : explanation.parts()) {
            if (part.silent()) {
                notes.add("nothing in the map of " + part.title().toLowerCase(Locale.ROOT) + " speaks for "
                        + explainedClass() + ", so its sound is silent");
            }
        }
        return notes;
    }
}
