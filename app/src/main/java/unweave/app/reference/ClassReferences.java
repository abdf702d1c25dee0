package unweave.app.reference;

import java.util.List;
import java.util.Map;
import unweave.app.data.ClipReader.Clip;
import unweave.drsa.Subspaces;
import unweave.drsa.reference.Criterion;
import unweave.drsa.reference.ReferenceScores;

/**
 * What the search found for the concepts of one class.
 *
 * @param clips those searched; their places in the list are the inputs of the scores
 * @param scores by every criterion of the run
 */
public record ClassReferences(Subspaces subspaces, List<Clip> clips, Map<Criterion, ReferenceScores> scores) {
  String className() {
    return subspaces.provenance().className();
  }
}
