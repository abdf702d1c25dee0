package unweave.experiments.demo;

import java.util.List;
import unweave.drsa.Method;
import unweave.drsa.ObjectRecovery;
import unweave.drsa.Subspaces;

/**
 * What one method gave for one class.
 *
 * @param subspaces one; for random subspaces one per seed
 * @param recoveries their scores
 * @param conceptSumError the largest over all samples and subspaces
 * @param conservationError mean over samples of |sum of the standard map - logit| / |logit|
 */
public record MethodResult(
        Method method,
        List<Subspaces> subspaces,
        List<ObjectRecovery> recoveries,
        double conceptSumError,
        double conservationError) {

    /** The recovery of the class, the mean over the subspaces. */
    double recovery() {
        return recoveries.stream()
                .mapToDouble(recovery -> recovery.recovery().mean())
                .average()
                .orElse(Double.NaN);
    }

    /** The same where every sample may assign its concepts anew. */
    double ownAssignment() {
        return recoveries.stream()
                .mapToDouble(recovery -> recovery.ownAssignment().mean())
                .average()
                .orElse(Double.NaN);
    }

    /** Standard error: over the samples for one set of subspaces, over the seeds for several. */
    double standardError() {
        if (recoveries.size() == 1) {
            return recoveries.get(0).recovery().standardError();
        }
        return unweave.drsa.Estimate.of(recoveries.stream()
                        .mapToDouble(recovery -> recovery.recovery().mean())
                        .toArray())
                .standardError();
    }

    /** The recovery of one object. */
    double object(int index) {
        return recoveries.stream()
                .mapToDouble(
                        recovery -> recovery.objects().get(index).recovery().mean())
                .average()
                .orElse(Double.NaN);
    }
}
