package unweave.app.evaluate;

import java.util.List;
import unweave.drsa.Estimate;

/**
 * How well concepts recover the objects that sounds are made of ({@link unweave.drsa.ConceptMatching}), at one layer.
 *
 * @param baseRate what a constant map scores
 */
public record ObjectResult(String layer, int concepts, Estimate baseRate, List<Row> methods) {
    /**
     * @param recovery mean over classes and, for random subspaces, over seeds
     * @param ownAssignment the same where every sound may pair concepts and objects anew
     */
    public record Row(String method, Estimate recovery, Estimate ownAssignment) {}
}
