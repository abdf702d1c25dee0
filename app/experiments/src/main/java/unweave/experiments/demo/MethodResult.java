package unweave.experiments.demo;

import java.util.List;
import java.util.function.Function;
import unweave.drsa.Estimate;
import unweave.drsa.Method;
import unweave.drsa.ObjectRecovery;
import unweave.drsa.Subspaces;
import unweave.drsa.evaluation.ObjectInformation;

/**
 * What one method gave for one class. Figures are means over the subspaces; their errors are over the sounds for one
 * set of subspaces, over the seeds for several.
 *
 * @param subspaces one; for random subspaces one per seed
 * @param effects of the objects on the concepts of each
 * @param maps the objects' bins in the concept maps of each
 * @param recoveries their scores by average precision
 * @param conceptSumError the largest over all samples and subspaces
 * @param conservationError mean over samples of |sum of the standard map - logit| / |logit|
 */
public record MethodResult(
        Method method,
        List<Subspaces> subspaces,
        List<ObjectInformation> effects,
        List<ObjectInformation> maps,
        List<ObjectRecovery> recoveries,
        double conceptSumError,
        double conservationError) {

    /** The effects that are shown: those of the first subspaces. */
    ObjectInformation shown() {
        return effects.get(0);
    }

    /** I(O;K) / H(O) of the effects. */
    Estimate information() {
        return over(effects, ObjectInformation::information);
    }

    /** The mean share of an object in its own concept. */
    Estimate selectivity() {
        return over(effects, ObjectInformation::selectivity);
    }

    /** I(O;K) / H(O) of the maps. */
    Estimate mapInformation() {
        return over(maps, ObjectInformation::information);
    }

    /** Mean average precision of the class. */
    Estimate recovery() {
        return over(recoveries, ObjectRecovery::recovery);
    }

    /** The same where every sample may assign its concepts anew. */
    Estimate ownAssignment() {
        return over(recoveries, ObjectRecovery::ownAssignment);
    }

    /** The average precision of one object. */
    Estimate recovery(int object) {
        return over(recoveries, recovery -> recovery.objects().get(object).recovery());
    }

    /**
     * By how much the information of these concepts is above that of a baseline. Where the baseline has several seeds,
     * they differ far more than sounds do, so the error is that of the seeds and of these concepts.
     */
    Estimate informationAbove(MethodResult baseline) {
        if (baseline.effects.size() == 1) {
            return shown().informationAbove(baseline.shown());
        }
        Estimate here = information();
        Estimate there = baseline.information();
        return new Estimate(
                here.mean() - there.mean(), Math.hypot(here.standardError(), there.standardError()), here.count());
    }

    private static <T> Estimate over(List<T> results, Function<T, Estimate> figure) {
        return results.size() == 1
                ? figure.apply(results.get(0))
                : Estimate.of(results.stream()
                        .mapToDouble(result -> figure.apply(result).mean())
                        .toArray());
    }
}
