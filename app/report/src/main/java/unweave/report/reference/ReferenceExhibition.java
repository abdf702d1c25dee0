package unweave.report.reference;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import unweave.audio.sonify.RelevanceSound;
import unweave.audio.spectral.FrontEnd;
import unweave.audio.spectral.MelInverse;
import unweave.drsa.reference.Criterion;
import unweave.drsa.reference.Reference;
import unweave.drsa.reference.ReferenceMaps;
import unweave.engine.layer.ReceptiveField;
import unweave.engine.model.Model;
import unweave.explain.TimeFrequencyAxes;
import unweave.explain.data.ClipReader;
import unweave.explain.data.SoundCollection;
import unweave.explain.data.SoundItem;
import unweave.explain.reference.ClassReferences;
import unweave.explain.reference.Region;
import unweave.lrp.LayerwiseRelevance;

/**
 * Makes the best clips of a concept fit to be seen and heard. The outlined region is the receptive field of the layer's
 * position where the concept is strongest: what this position can see at all, exact but generous. The map is finer, and
 * shows all positions: relevance from the concept's values at the layer to the input. The sound is made from the map,
 * as the concept sounds of explanations are.
 */
final class ReferenceExhibition {
    private final Model model;
    private final LayerwiseRelevance relevance;
    private final SoundCollection collection;
    private final ClipReader reader;
    private final FrontEnd frontEnd;
    private final RelevanceSound sonification;
    private final TimeFrequencyAxes axes;

    ReferenceExhibition(
            Model model,
            LayerwiseRelevance relevance,
            SoundCollection collection,
            ClipReader reader,
            FrontEnd frontEnd) {
        this.model = model;
        this.relevance = relevance;
        this.collection = collection;
        this.reader = reader;
        this.frontEnd = frontEnd;
        this.sonification = RelevanceSound.of(frontEnd, MelInverse.Method.PSEUDO_INVERSE);
        this.axes = TimeFrequencyAxes.of(frontEnd);
    }

    /** What rows and columns of all maps stand for. */
    TimeFrequencyAxes axes() {
        return axes;
    }

    /** The references of one concept, best first; none where no clip shows it. */
    List<ShownReference> of(ClassReferences found, int concept, Criterion criterion, int count) throws IOException {
        List<Reference> top = found.top(concept, criterion, count);
        if (top.isEmpty()) {
            return List.of();
        }
        List<FrontEnd.Analysis> inputs = new ArrayList<>();
        int size = axes.mels() * axes.frames();
        float[] batch = new float[top.size() * size];
        for (Reference reference : top) {
            FrontEnd.Analysis input =
                    frontEnd.analyse(reader.signal(found.clips().get(reference.input())));
            System.arraycopy(input.input(), 0, batch, inputs.size() * size, size);
            inputs.add(input);
        }
        float[][] maps =
                new ReferenceMaps(model, relevance, found.subspaces()).of(concept, criterion, batch, top.size());
        ReceptiveField field = model.description()
                .receptiveField(found.subspaces().provenance().layer());
        List<ShownReference> shown = new ArrayList<>();
        for (int i = 0; i < maps.length; i++) {
            Reference reference = top.get(i);
            ClipReader.Clip clip = found.clips().get(reference.input());
            SoundItem item = collection.items().get(clip.place());
            double start = (double) clip.start() / frontEnd.sampleRate();
            ReceptiveField.Box box = field.at(reference.row(), reference.column());
            shown.add(new ShownReference(
                    ReferenceJson.name(criterion) + "-" + (i + 1),
                    criterion,
                    i + 1,
                    reference,
                    item.path(),
                    collection.classNames().get(item.label()),
                    start,
                    inputs.get(i),
                    box,
                    Region.of(box, axes, start),
                    axes.rows(maps[i]),
                    sonification.sound(inputs.get(i), maps[i])));
        }
        return shown;
    }
}
