package unweave.experiments.reproduce;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import unweave.experiments.synthetic.SyntheticInputs;
import unweave.explain.data.InputSet;
import unweave.explain.train.CrossValidation;
import unweave.report.evaluation.ResultTable;

/** The sounds of a chapter. Everything but the folds is of the one fold whose model is explained. */
interface ChapterData {
    List<String> classNames();

    /** What decides the data, by name. */
    Map<String, Object> identity();

    /** Training, validation and test data of every fold. */
    CrossValidation.Source folds();

    /** The folds to train; the first one's model is explained. */
    List<Integer> trainedFolds();

    /** The training inputs of one class that subspaces are searched with. */
    InputSet training(int classIndex) throws IOException;

    /** The validation inputs of all classes. */
    InputSet validation() throws IOException;

    /** The inputs of all classes that explanations are evaluated on; none of them gave gradients. */
    InputSet test() throws IOException;

    /** Sounds of a class to show in figures, at the front end's sample rate. */
    List<float[]> shown(int classIndex, int count) throws IOException;

    /** Mean and deviation of all inputs of the chapter (thesis A.1). */
    LogMelStatistics logMel() throws IOException;

    /**
     * What there is to say of the data themselves.
     *
     * @param tables for files
     * @param json for results.json, by name
     */
    record Account(List<ResultTable> tables, Map<String, Object> json) {}

    /** Nothing unless the chapter says otherwise. */
    default Account account() {
        return new Account(List.of(), Map.of());
    }

    /** Whether it is known what sounds are made of. */
    boolean objectsKnown();

    /**
     * Sounds with all objects of a class.
     *
     * @throws UnsupportedOperationException if the objects are not known
     */
    SyntheticInputs.CompleteSamples complete(int classIndex, int count) throws IOException;
}
