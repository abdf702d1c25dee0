package unweave.report.explanation;

import java.util.List;
import java.util.Optional;
<<<<<<< HEAD
import unweave.audio.spectral.FrontEnd;
=======
import unweave.audio.spectral.SpectrogramSettings;
import unweave.engine.model.Probabilities;
>>>>>>> main

/**
 * What all explanations of one run share, for the record.
 *
 * @param modelFile as the user named it
 * @param modelFingerprint of architecture and weights
 * @param classNames by class index
<<<<<<< HEAD
 * @param frontEnd how the model's inputs are made
=======
 * @param probabilities what the logits mean
 * @param settings how the model's inputs are made
>>>>>>> main
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
<<<<<<< HEAD
        FrontEnd frontEnd,
=======
        Probabilities probabilities,
        SpectrogramSettings settings,
>>>>>>> main
        Optional<String> subspacesFile,
        String composite,
        String inverse,
        double gain,
        long seed) {}
