package unweave.experiments.reproduce;

import java.io.IOException;
import java.util.List;
import unweave.explain.output.OutputFolder;
import unweave.explain.train.FoldResult;
import unweave.report.ReportPage;

/** The page of the music chapter (thesis 4.2 and the appendices). */
final class MusicPage extends ChapterPage {
    MusicPage(ChapterResult result, OutputFolder folder) {
        super(result, folder);
    }

    @Override
    String toHtml() throws IOException {
        ReportPage page = new ReportPage("Music: the thesis' experiments again")
                .kicker("Unweave reproduce")
                .lead(verdict())
                .facts(facts());
        whatDiffers(page);
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
        for (String number : List.of("4.6", "4.7", "C.3", "C.4", "C.5", "C.6")) {
            maps(page, number);
        }
        flipping(page);
        concepts(page);
        crossClass(page);
        histogram(page);
        furtherMeasures(page);
        files(page, "music");
        return page.footer("Made by Unweave. Seed " + result.plan().seed() + ".")
                .toHtml();
    }

    private void whatDiffers(ReportPage page) {
        page.section("What differs, and why");
        ChapterPlan plan = result.plan();
        int evaluated = plan.sizes().flipping();
        FoldResult first = result.training().folds().get(0);
        page.text("Folds, weights and random matrices come from other seeds. The thesis trains hundreds of epochs "
                + "on each of 10 folds of 995"
                + " tracks; here " + result.training().folds().size() + " of " + result.allFolds()
                + " folds were trained for "
                + plan.training().epochs() + " epochs, the first on " + first.inputs()[0]
                + " tracks. Its Table 4.4 is of 1000 inputs (100 per"
                + " genre); here up to " + evaluated
                + " per genre were evaluated, all explained with the model of fold " + first.fold() + ".");
        page.text("The thesis does not say which fold's model it explains, and its test set of 20 tracks per "
                + "genre (4.2.3.1) is not that of 10"
                + " folds, which have 10. It searches subspaces on 240 inputs of a genre, 5000 steps "
                + "from 3 starts; here the search took "
                + plan.steps() + " steps from "
                + plan.preset().subspaces().starts() + " starts, on as many of "
                + plan.preset().subspaces().inputs() + " inputs as the training tracks of a genre give.");
        page.text("Eq. B.1 lacks the square that the rule's name and source have; it is used with the square. Eq. "
                + "4.4 is taken as printed:"
                + " differences, weighted by the share of the flipping done so far; the area under the "
                + "curve, which the DRSA paper uses, stands"
                + " beside it.");
    }
}
