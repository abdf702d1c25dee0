package unweave.explain.train;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import unweave.engine.model.Model;
import unweave.engine.train.Trainer;
import unweave.explain.output.OutputFolder;
import unweave.explain.output.StepResults;
import unweave.explain.progress.Monitor;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;

/**
 * Cross-validation (thesis 4.2.1, A.3): one training per fold, each tested on its fold. Every fold has a folder
 * {@code fold-N} with its model, its metrics and its checkpoint; a fold that is done is not trained again, one that was
 * interrupted goes on from its checkpoint.
 */
public final class CrossValidation {
    private final Source source;
    private final ModelTraining training;
    private final Backend backend;
    private final Monitor monitor;

    /** The data of the folds; read when a fold is trained, so that only one is in memory. */
    public interface Source {
        /** The folds' numbers. */
        List<Integer> numbers();

        ModelTraining.Data load(int fold) throws IOException;
    }

    public CrossValidation(Source source, ModelTraining training, Backend backend, Monitor monitor) {
        this.source = source;
        this.training = training;
        this.backend = backend;
        this.monitor = monitor;
    }

    /** The folder of a fold's model. */
    public static String folder(int fold) {
        return String.format(Locale.ROOT, "fold-%02d", fold);
    }

    /**
     * Trains the chosen folds that have no result yet.
     *
     * @return the results of all folds that have one, those of earlier runs included, by fold
     */
    public List<FoldResult> run(List<Integer> chosen, OutputFolder out, StepResults steps) throws IOException {
        for (int fold : chosen) {
            if (!steps.has(folder(fold))) {
                monitor.note(String.format(
                        Locale.ROOT,
                        "fold %d: training (%d of %d chosen folds are done)",
                        fold,
                        done(steps, chosen),
                        chosen.size()));
            }
            steps.get(folder(fold), FoldResult.class, () -> train(fold, out.folder(folder(fold))));
        }
        List<FoldResult> results = new ArrayList<>();
        for (int fold : source.numbers()) {
            if (steps.has(folder(fold))) {
                results.add(steps.get(folder(fold), FoldResult.class, () -> null));
            }
        }
        return results;
    }

    private static int done(StepResults steps, List<Integer> chosen) throws IOException {
        int done = 0;
        for (int fold : chosen) {
            done += steps.has(folder(fold)) ? 1 : 0;
        }
        return done;
    }

    private FoldResult train(int fold, OutputFolder out) throws IOException {
        ModelTraining.Data data = source.load(fold);
        if (data.test().size() == 0) {
            throw new BadInputException("fold " + fold + " has no sounds to test on");
        }
        boolean interrupted = Files.exists(out.path().resolve(Trainer.CHECKPOINT));
        ModelTraining.Trained trained = training.run(data, backend, out, interrupted);
        try (Model model = trained.model()) {
            return FoldResult.of(fold, data, trained);
        }
    }
}
