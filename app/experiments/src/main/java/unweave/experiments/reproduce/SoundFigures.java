package unweave.experiments.reproduce;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import unweave.audio.file.SoundFiles;
import unweave.audio.synthetic.SyntheticGenerator;
import unweave.audio.synthetic.SyntheticSample;
import unweave.experiments.reproduce.DrawnFigure.Drawing;
import unweave.experiments.synthetic.SamplePictures;
import unweave.explain.output.OutputFolder;
import unweave.figure.MapPanel;
import unweave.figure.PanelGrid;
import unweave.figure.WaveformChart;
import unweave.report.Sound;
import unweave.report.SoundRow;

/** Draws the figures of sounds as they are, before any network (thesis Fig. 2.4, 2.5, 4.1, 4.2, 4.4, C.2, D.1, D.2). */
final class SoundFigures {
    private static final double WAVEFORM_WIDTH = 400;
    private static final double WAVEFORM_HEIGHT = 230;

    private final ChapterPlan plan;
    private final ChapterData data;
    private final OutputFolder out;

    /** @param out the chapter's folder, beside its page */
    SoundFigures(ChapterPlan plan, ChapterData data, OutputFolder out) {
        this.plan = plan;
        this.data = data;
        this.out = out;
    }

    /** The figures that a chapter has: those of objects only where the objects are known. */
    static List<String> numbers(ChapterData data) {
        return data.objectsKnown()
                ? List.of("2.4", "2.5", "4.1", "4.2", "4.4", "C.2", "D.1", "D.2")
                : List.of("2.4", "2.5");
    }

    /** Writes a figure's pictures and sounds. */
    DrawnFigure draw(String number) throws IOException {
        return switch (number) {
            case "2.4" -> representations(number);
            case "2.5" -> new SpectralFigures(plan.preset().spectrogram(), out).filterBank(number);
            case "4.1" -> sample(number, 0);
            case "4.2" -> sample(number, 1);
            case "4.4" -> objects(number, 0, "4.3");
            case "C.2" -> objects(number, 1, "C.1");
            case "D.1" -> waveforms(number, 0, "4.1");
            case "D.2" -> waveforms(number, 1, "4.2");
            default -> throw new IllegalArgumentException("no figure of sounds has the number " + number);
        };
    }

    private DrawnFigure representations(String number) throws IOException {
        String what = (data.objectsKnown() ? "a sound of " : "the first slice of a track of ")
                + data.classNames().get(0);
        return new SpectralFigures(plan.preset().spectrogram(), out)
                .representations(number, what, data.shown(0, 1).get(0));
    }

    /** A sample with all its objects, then each object alone (thesis Fig. 4.1, 4.2). */
    private DrawnFigure sample(String number, int classIndex) throws IOException {
        SyntheticSample sample = furtherSample(classIndex);
        SamplePictures pictures = pictures();
        List<MapPanel> panels = new ArrayList<>();
        panels.add(pictures.sample(sample, "Sample").subtitle("objects, random sounds, noise"));
        panels.addAll(objects(pictures, sample));
        PanelGrid grid = new PanelGrid().row(panels);
        List<Sound> sounds = new ArrayList<>();
        sounds.add(write(number, "sample", "Sample", sample.signal()));
        sounds.addAll(objectSounds(number, "", sample));
        return new DrawnFigure(
                number,
                "Compare Fig. " + number + ". A sample of " + data.classNames().get(classIndex)
                        + " with all four objects, random sounds and noise, then each object alone, as loud as it is in the"
                        + " sample.",
                List.of(Drawing.write(out, number, grid)),
                grid.columns(),
                List.of(new SoundRow("sound", sounds)));
    }

    /** The objects of the sounds that a figure explains, a row for each (thesis Fig. 4.4, C.2). */
    private DrawnFigure objects(String number, int classIndex, String explained) throws IOException {
        SamplePictures pictures = pictures();
        PanelGrid grid = new PanelGrid();
        List<SoundRow> sounds = new ArrayList<>();
        for (SyntheticSample sample :
                data.complete(classIndex, plan.sizes().shown()).samples()) {
            String row = "sound " + (sounds.size() + 1);
            grid.row(row, objects(pictures, sample));
            sounds.add(new SoundRow(row, objectSounds(number, (sounds.size() + 1) + "-", sample)));
        }
        return new DrawnFigure(
                number,
                "Compare Fig. " + number + ". The objects of "
                        + data.classNames().get(classIndex) + " in the sounds of Fig. " + explained
                        + ", row by row: what the concepts should answer to.",
                List.of(Drawing.write(out, number, grid)),
                grid.columns(),
                sounds);
    }

    /** The objects of a sample over time (thesis Fig. D.1, D.2). */
    private DrawnFigure waveforms(String number, int classIndex, String same) throws IOException {
        SyntheticSample sample = furtherSample(classIndex);
        List<SyntheticGenerator.ObjectKind> kinds = SyntheticGenerator.objects(classIndex);
        double limit = 0;
        for (float[] object : sample.objects()) {
            for (float value : object) {
                limit = Math.max(limit, Math.abs(value));
            }
        }
        List<Drawing> drawings = new ArrayList<>();
        for (int i = 0; i < kinds.size(); i++) {
            SyntheticGenerator.ObjectKind kind = kinds.get(i);
            byte[] png = WaveformChart.of(
                            "Object " + (i + 1) + ": " + kind.name(),
                            sample.objects()[i],
                            SyntheticGenerator.SAMPLE_RATE,
                            limit,
                            WAVEFORM_WIDTH,
                            WAVEFORM_HEIGHT)
                    .toPng();
            String caption = String.format(
                    Locale.ROOT,
                    "Object %d, %s: carrier %s, modulation %s.",
                    i + 1,
                    kind.name(),
                    SettingsTables.hertz(kind.lowest(), kind.highest()),
                    SettingsTables.hertz(kind.slowest(), kind.fastest()));
            drawings.add(Drawing.write(out, number, "object-" + (i + 1), png, caption));
        }
        return DrawnFigure.silent(
                number,
                "Compare Fig. " + number + ": the objects of "
                        + data.classNames().get(classIndex) + " over time, those of the sample in Fig. " + same
                        + ". The outline is the modulation.",
                drawings);
    }

    /** One that no figure explains. */
    private SyntheticSample furtherSample(int classIndex) throws IOException {
        int first = plan.sizes().shown();
        return data.complete(classIndex, first + 1).samples()[first];
    }

    private SamplePictures pictures() {
        return new SamplePictures(plan.preset().spectrogram());
    }

    private static List<MapPanel> objects(SamplePictures pictures, SyntheticSample sample) {
        List<String> names = SyntheticGenerator.objectNames(sample.classIndex());
        return IntStream.range(0, names.size())
                .mapToObj(i -> pictures.object(sample, i, "Object " + (i + 1)).subtitle(names.get(i)))
                .toList();
    }

    private List<Sound> objectSounds(String number, String row, SyntheticSample sample) throws IOException {
        List<Sound> sounds = new ArrayList<>();
        for (int i = 0; i < sample.objects().length; i++) {
            sounds.add(write(number, row + "object-" + (i + 1), "Object " + (i + 1), sample.objects()[i]));
        }
        return sounds;
    }

    private Sound write(String number, String name, String label, float[] signal) throws IOException {
        String file = "sounds/" + number.replace('.', '-') + "/" + name + ".wav";
        out.write(file, SoundFiles.wavBytes(signal, SyntheticGenerator.SAMPLE_RATE));
        return Sound.beside(label, out.path().getFileName() + "/" + file);
    }
}
