package unweave.explain.reference;

import java.util.Set;
import unweave.audio.spectral.FrontEnd;
import unweave.drsa.reference.Aggregation;
import unweave.drsa.reference.Criterion;

/**
 * What all references of one run share, for the record.
 *
 * @param modelFile as the user named it
 * @param modelFingerprint of architecture and weights
 * @param subspacesFile as the user named it
 * @param composite name of the LRP rules
 * @param data folder or manifest as the user named it
 * @param split which of its sounds: "test", "all" and so on
 * @param ofAllClasses whether sounds of all classes are searched, or only those of the concept's class
 * @param criteria by what references are chosen
 * @param aggregation how positions become a score
 * @param top references of a concept by each criterion, at most
 * @param frontEnd how the model's inputs are made
 * @param gain of the colours of maps, see unweave.report.explanation.ExplanationPictures
 * @param seed of the run
 */
public record ReferenceRun(
        String modelFile,
        String modelFingerprint,
        String subspacesFile,
        String composite,
        String data,
        String split,
        boolean ofAllClasses,
        Set<Criterion> criteria,
        Aggregation aggregation,
        int top,
        FrontEnd frontEnd,
        double gain,
        long seed) {}
