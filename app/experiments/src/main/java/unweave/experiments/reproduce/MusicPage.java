package unweave.experiments.reproduce;

import java.io.IOException;
import java.util.List;
import unweave.explain.data.Split;
import unweave.explain.output.OutputFolder;
import unweave.explain.train.FoldResult;
import unweave.report.ReportPage;

/** The page of the music chapter (thesis 4.2 and the appendices). */
final class MusicPage extends ChapterPage {
    private final MusicData data;
    private final MusicRecordings recordings;

    MusicPage(ChapterResult result, MusicData data, MusicRecordings recordings, OutputFolder folder) {
        super(result, folder);
        this.data = data;
        this.recordings = recordings;
    }

    @Override
    String toHtml() throws IOException {
        ReportPage page = new ReportPage("Music: the thesis' experiments again")
                .kicker("Unweave reproduce")
                .lead(verdict())
                .facts(facts());
        whatDiffers(page);
        recordings(page);
        page.section("From a waveform to the network's input");
        representations(page);
        result.explained().addTo(page);
        page.section("Cross-validation");
        tables.accuracy(ThesisNumbers.MUSIC_ACCURACY, "4.2.1, 10 folds").addTo(page);
        tables.classAccuracy().addTo(page);
        training(page);
        page.text("The thesis draws its curves (Fig. A.1) without printing values, and notes that the validation "
                + "loss rises slightly after"
                + " epoch"
                + " 500 while the accuracy still improves (A.3). It finds rock the hardest genre, which "
                + "agrees with reports of mislabelled"
                + " tracks.");
        gamma(page);
        curves(page);
        page.section("Concepts of genres");
        conceptSum(page);
        for (String number : List.of("4.6", "4.7", "C.3", "C.4", "C.5", "C.6")) {
            maps(page, number);
        }
        flipping(page);
        concepts(page);
        crossClass(page);
        histogram(page);
        furtherMeasures(page);
        files(page, "music");
        ThesisSection.addTo(page, "music");
        return page.footer("Made by Unweave. Seed " + result.plan().seed() + ".")
                .toHtml();
    }

    private void recordings(ReportPage page) {
        page.section("The recordings");
        double longest = recordings.choice().longestSilence();
        page.text("The thesis excludes five tracks for faults such as parts that consist of zeros (A.1), without saying"
                + " which, or what makes a fault. "
                + (Double.isInfinite(longest)
                        ? "Here no track is excluded for that (--keep-faulty)."
                        : "Here a track is excluded if its file has a run of at least " + longest
                                + " s of exact zeros between the first and the last sample above \u221260 dB of full"
                                + " scale. Silence before and after the music is no fault, nor is a fade. In 100 tracks of"
                                + " GTZAN, the longest such run is of 3 samples (0.14 ms)."));
        page.anchor("table-4.2");
        MusicTables.counts(recordings).addTo(page);
        if (recordings.excluded().isEmpty()) {
            page.text("No recording was excluded.");
        } else {
            MusicTables.excluded(recordings).addTo(page);
        }
        logMel(page);
        page.text(
                "The thesis averages \u201cacross all instances\u201d without saying whether its deviation is that of all"
                        + " values or of single inputs' means, nor whether the inputs are augmented. On 100 tracks of GTZAN,"
                        + " without and with the augmentation of training, the deviation of the means was .30 and .38, that of all"
                        + " values .58 and .88, and the mean .28 and \u2212.06: its deviation fits the means, its mean neither.");
    }

    private void whatDiffers(ReportPage page) {
        page.section("What differs, and why");
        ChapterPlan plan = result.plan();
        FoldResult first = result.training().folds().get(0);
        page.text("Folds, weights and random matrices come from other seeds. The thesis trains hundreds of epochs "
                + "on each of 10 folds of 995"
                + " tracks; here " + result.training().folds().size() + " of " + result.allFolds()
                + " folds were trained for "
                + plan.training().epochs() + " epochs, the first on " + first.inputs()[0]
                + " tracks.");
        MusicData.Tracks searched = data.tracks(Split.TRAIN);
        MusicData.Tracks heldOut = data.tracks(Split.TEST, Split.VALIDATION);
        page.text("The thesis does not say which fold's model it explains, nor how its test set of 20 tracks per genre"
                + " (4.2.3.1) comes from 10 folds, which have 10. Here the model of fold " + first.fold()
                + " is explained. Evaluated are the fold that it is tested on and the one that validates, together "
                + heldOut + " tracks of a genre: neither gave gradients, but the second chose the epoch that is kept."
                + " Of each track five slices are used, every other one of A.1's ten from the second on: up to "
                + heldOut.times(MusicData.EVALUATED) + " inputs of a genre (thesis: 100), of which at most "
                + plan.sizes().flipping()
                + " are evaluated. Accuracy is of the test fold alone, and the inputs of Fig. B.1"
                + " are of the validation fold alone.");
        page.text("Subspaces are searched on three slices (the second, sixth and ninth) of each of the " + searched
                + " tracks of a genre that the model was trained on: up to " + searched.times(MusicData.SEARCHED)
                + " inputs (thesis: 240, of 80 tracks). The search took " + plan.steps() + " steps from "
                + plan.preset().subspaces().starts() + " starts (thesis: 5000 from 3)."
                + (plan.full()
                        ? ""
                        : " K = 2 and K = 8 were searched at " + plan.layer()
                                + " only; --full searches them at all layers, as the thesis does."));
        page.text(EQUATIONS);
    }
}
