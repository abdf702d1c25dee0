package unweave.explain.reference;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import unweave.drsa.Subspaces;
import unweave.drsa.reference.Criterion;
import unweave.drsa.reference.ReferenceScores;
import unweave.drsa.reference.ReferenceSearch;
import unweave.engine.model.Model;
import unweave.explain.data.ClipReader;
import unweave.explain.progress.Monitor;
import unweave.explain.progress.Progress;
import unweave.kernels.BadInputException;
import unweave.lrp.LayerwiseRelevance;

/** Searches sounds for the references of a class, a few files at a time: their number is not limited by memory. */
public final class ReferenceFinder {
    private static final int FILES = 16;

    private final Model model;
    private final LayerwiseRelevance relevance;
    private final ClipReader reader;
    private final ReferenceRun run;
    private final Monitor monitor;

    public ReferenceFinder(
            Model model, LayerwiseRelevance relevance, ClipReader reader, ReferenceRun run, Monitor monitor) {
        this.model = model;
        this.relevance = relevance;
        this.reader = reader;
        this.run = run;
        this.monitor = monitor;
    }

    /**
     * Scores all clips of some sounds for every concept of a class.
     *
     * @param places of the sounds in their collection
     * @throws BadInputException if none of the sounds holds more than silence
     */
    public ClassReferences find(Subspaces subspaces, List<Integer> places) throws IOException {
        ReferenceSearch search = new ReferenceSearch(model, relevance, subspaces, run.aggregation(), run.criteria());
        List<ClipReader.Clip> clips = new ArrayList<>();
        String name = subspaces.provenance().className();
        try (Progress progress = monitor.progress("searching sounds for " + name, places.size())) {
            for (int from = 0; from < places.size(); from += FILES) {
                int before = from;
                List<Integer> files = places.subList(from, Math.min(places.size(), from + FILES));
                ClipReader.Portion portion = reader.read(files);
                if (!portion.clips().isEmpty()) {
                    search.add(
                            portion.inputs(),
                            portion.clips().size(),
                            (done, total, left) -> progress.at(
                                    before + (long) files.size() * done / total, clips.size() + done + " clips"));
                    clips.addAll(portion.clips());
                }
            }
        }
        reader.tell("searching sounds for " + name, monitor);
        if (clips.isEmpty()) {
            throw new BadInputException(
                    run.data() + ": the sounds to search for references of " + name + " hold nothing but silence");
        }
        Map<Criterion, ReferenceScores> scores = new EnumMap<>(Criterion.class);
        run.criteria().forEach(criterion -> scores.put(criterion, search.scores(criterion)));
        return new ClassReferences(subspaces, List.copyOf(clips), scores);
    }
}
