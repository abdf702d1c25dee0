package unweave.experiments.reproduce;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import unweave.audio.augment.Augmentation;
import unweave.audio.augment.Gain;
import unweave.audio.augment.GaussianNoise;
import unweave.audio.augment.HighOrLowPass;
import unweave.audio.augment.PitchShift;
import unweave.audio.synthetic.SyntheticGenerator;
import unweave.report.evaluation.ResultTable;

/** The thesis' tables of settings, with what is really used. */
final class SettingsTables {
    private static final String ALWAYS = "always";

    private SettingsTables() {}

    /** Table 4.1: the sound objects with the ranges that the generator draws from. */
    static ResultTable objects(List<String> classes) {
        ResultTable table = new ResultTable(
                "sound-objects",
                "The sound objects (compare Table 4.1): the ranges that the generator draws from, uniformly.",
                List.of("class", "object", "what it is", "frequency", "modulation"));
        for (int classIndex = 0; classIndex < classes.size(); classIndex++) {
            int number = 0;
            for (SyntheticGenerator.ObjectKind kind : SyntheticGenerator.objects(classIndex)) {
                number++;
                table.row(
                        classes.get(classIndex),
                        "object " + number,
                        kind.name(),
                        hertz(kind.lowest(), kind.highest()),
                        hertz(kind.slowest(), kind.fastest()));
            }
        }
        return table;
    }

    /** "100 to 150 Hz", or "16 Hz". */
    static String hertz(int lowest, int highest) {
        return lowest == highest ? lowest + " Hz" : lowest + " to " + highest + " Hz";
    }

    /** Table 4.3: the rule of every layer, beside those of the thesis. */
    static ResultTable rules(List<LayerRule> rules) {
        ResultTable table = new ResultTable(
                "rules",
                "The rule of every layer that has one. Activations and max-pooling pass relevance on as their gradient"
                        + " does.",
                List.of("layer", "here", "thesis, synthetic (4.1.2)", "thesis, music (Table 4.3)"));
        rules.forEach(rule -> table.row(
                rule.layer(),
                rule.rule(),
                ThesisNumbers.syntheticRule(rule.layer()),
                ThesisNumbers.musicRule(rule.layer())));
        return table;
    }

    /** The rule that a layer got, as text. */
    record LayerRule(String layer, String rule) {}

    /** Table A.1: what is done to a training sample, in this order, and what A.1 adds in its text. */
    static ResultTable augmentations(Augmentation augmentation) {
        ResultTable table = new ResultTable(
                "augmentations",
                "What is done to a training sample at every visit, in this order (compare Table A.1, whose text adds the"
                        + " time stretch and the masks).",
                List.of("change", "probability", "what is drawn", "range"));
        augmentation.steps().forEach(step -> addTo(table, step));
        augmentation
                .timeStretch()
                .ifPresent(stretch ->
                        table.row("time stretch", ALWAYS, "speed", range(stretch.slowest(), stretch.fastest())));
        augmentation
                .timeMask()
                .ifPresent(mask -> table.row("time mask", ALWAYS, "width in frames", range(1, mask.widest())));
        augmentation
                .frequencyMask()
                .ifPresent(mask -> table.row("frequency mask", ALWAYS, "width in mel bands", range(1, mask.widest())));
        return table;
    }

    private static void addTo(ResultTable table, Augmentation.Step step) {
        List<Object[]> drawn = new ArrayList<>();
        String name;
        if (step.change() instanceof Gain gain) {
            name = "gain";
            drawn.add(new Object[] {"gain in dB", range(gain.lowest(), gain.highest())});
        } else if (step.change() instanceof PitchShift shift) {
            name = "pitch shift";
            drawn.add(new Object[] {"semitones", range(shift.lowest(), shift.highest())});
        } else if (step.change() instanceof HighOrLowPass filter) {
            name = "high- or low-pass, as often";
            drawn.add(new Object[] {
                "cutoff of the high-pass in Hz", range(filter.lowestHighPass(), filter.highestHighPass())
            });
            drawn.add(
                    new Object[] {"cutoff of the low-pass in Hz", range(filter.lowestLowPass(), filter.highestLowPass())
                    });
        } else if (step.change() instanceof GaussianNoise noise) {
            name = "Gaussian noise";
            drawn.add(new Object[] {"noise over signal, by deviation", range(noise.weakest(), noise.strongest())});
        } else {
            throw new IllegalArgumentException("no row for " + step.change());
        }
        for (Object[] one : drawn) {
            boolean first = one == drawn.get(0);
            table.row(first ? name : "", first ? number(step.probability()) : "", one[0], one[1]);
        }
    }

    private static String range(double low, double high) {
        return number(low) + " to " + number(high);
    }

    private static String number(double value) {
        String text = value == Math.rint(value) ? String.format(Locale.ROOT, "%.0f", value) : String.valueOf(value);
        return text.replace('-', '\u2212');
    }
}
