package unweave.experiments.reproduce;

import java.io.IOException;
import unweave.explain.output.OutputFolder;
import unweave.report.ReportPage;

/** The page of the synthetic chapter (thesis 4.1, with the evaluation of 4.2.3 and the appendices). */
final class SyntheticPage extends ChapterPage {
    SyntheticPage(ChapterResult result, OutputFolder folder) {
        super(result, folder);
    }

    @Override
    String toHtml() throws IOException {
        ReportPage page = new ReportPage("Synthetic sounds: the thesis' experiments again")
                .kicker("Unweave reproduce")
                .lead(verdict())
                .facts(facts());
        whatDiffers(page);
        logMel(page);
        page.section("Sounds and what the network sees");
        page.anchor("table-4.1");
        SettingsTables.objects(result.classes()).addTo(page);
        other(page, "4.1");
        other(page, "4.2");
        page.subsection("From a waveform to the network's input");
        representations(page);
        result.explained().addTo(page);
        page.section("Training");
        tables.accuracy(ThesisNumbers.SYNTHETIC_ACCURACY, "4.1.2").addTo(page);
        tables.classAccuracy().addTo(page);
        training(page);
        gamma(page);
        curves(page);
        page.section("Concepts of the synthetic classes");
        maps(page, "4.3");
        conceptSum(page);
        other(page, "4.4");
        maps(page, "4.5");
        maps(page, "C.1");
        other(page, "C.2");
        maps(page, "C.3");
        flipping(page);
        concepts(page);
        crossClass(page);
        histogram(page);
        furtherMeasures(page);
        page.section("How the objects are made");
        page.text(
                "Each object is a carrier times a modulation (Eq. D.1 to D.6); both are drawn from the ranges of Table 4.1."
                        + " The thesis shows one example of each in D.1 and D.2.");
        other(page, "D.1");
        other(page, "D.2");
        files(page, "synthetic");
        ThesisSection.addTo(page, "synthetic");
        return page.footer("Made by Unweave. Seed " + result.plan().seed() + ".")
                .toHtml();
    }

    private void whatDiffers(ReportPage page) {
        page.section("What differs, and why");
        page.text("The thesis evaluates the synthetic chapter by eye and ear (4.1.3); its Table 4.4 and Fig. 4.10 "
                + "are of GTZAN. This page"
                + " applies the same measures to the synthetic network, so its scores are of another "
                + "network with other logits and of two classes"
                + " instead of ten: compare the order and the shares of the standard map's score, not "
                + "the scores.");
        page.text(
                "Training drops only Table A.1, as A.1 says: the spectrogram is stretched by up to a fifth in time, and"
                        + " a mask of up to 20 bins is laid over it in each dimension, at every visit. The demo and the preset toy"
                        + " are gentler (masks of up to 10 bins, no stretch).");
        page.text("Sounds, weights and random matrices come from other seeds. The thesis states two noise strengths, "
                + "0.1 (4.1.1 and the head of D) and 0.01 (D.2.1, where samples are built); the second is used. D.5 gives "
                + "the falling sawtooth no direction; here it is 1 less the rising one.");
        page.text(EQUATIONS);
    }
}
