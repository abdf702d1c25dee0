package unweave.report.explanation;

import java.util.List;
import java.util.Optional;
import unweave.audio.spectral.FrontEnd;
import unweave.engine.model.Probabilities;

/**
 * What all explanations of one run share, for the record.
 *
 * @param modelFile as the user named it
 * @param modelFingerprint of architecture and weights
 * @param classNames by class index
 * @param probabilities what the logits mean
 * @param frontEnd how the model's inputs are made
 * @param subspacesFile as the user named it; empty if decisions are not split
 * @param composite name of the LRP rules
 * @param inverse how sounds are made from mel bands: "pinv" or "nnls"
 * @param gain of the colours of relevance maps, see {@link ExplanationPictures}
 * @param seed of the run
 */
public record ExplainRun(
        String modelFile,
        String modelFingerprint,
        List<String> classNames,
        Probabilities probabilities,
        FrontEnd frontEnd,
        Optional<String> subspacesFile,
        String composite,
        String inverse,
        double gain,
        long seed) {}
