package unweave.explain.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import unweave.audio.file.SampleFormat;
import unweave.audio.file.Sound;
import unweave.audio.file.SoundFiles;
import unweave.audio.resample.ResamplingFilter;
import unweave.audio.spectral.LogMel;
import unweave.audio.spectral.SpectrogramSettings;
import unweave.audio.spectral.Window;
import unweave.explain.progress.Monitor;
import unweave.kernels.BadInputException;

/** Small collections of sounds with faults and without. */
class SoundScanTest {
    private static final int RATE = 22_050;
    private static final double LIMIT = SoundScan.LONGEST_SILENCE;

    @TempDir
    private Path folder;

    @BeforeEach
    void soundsWithoutFaults() throws IOException {
        int longer = 0;
        for (String name : List.of("a/0", "a/1", "b/0", "b/1")) {
            write(name, tone(2 * RATE + longer++));
        }
    }

    private Path write(String name, float[] samples) throws IOException {
        Path file = folder.resolve(name + ".wav");
        Files.createDirectories(file.getParent());
        SoundFiles.writeWav(file, samples, RATE);
        return file;
    }

    private static float[] tone(int samples) {
        float[] tone = new float[samples];
        for (int n = 0; n < samples; n++) {
            tone[n] = (float) (0.5 * Math.sin(2 * Math.PI * 440 * n / RATE));
        }
        return tone;
    }

    private static float[] withZeros(int start, int length) {
        float[] samples = tone(2 * RATE);
        samples[start - 1] = 0.25f;
        Arrays.fill(samples, start, start + length, 0);
        samples[start + length] = 0.25f;
        return samples;
    }

    private SoundCollection collection() throws IOException {
        return SoundCollection.open(folder);
    }

    private SoundScan scan(int threads) throws IOException {
        return SoundScan.of(collection(), threads, Monitor.silent());
    }

    private SoundScan.Pruned pruned(boolean skipUnreadable, double longestSilence) throws IOException {
        return scan(2).prune(collection(), skipUnreadable, longestSilence, Monitor.silent());
    }

    private SoundScan.Finding found(String name, float[] samples) throws IOException {
        Path file = write(name, samples);
        int place = collection().items().stream().map(SoundItem::path).toList().indexOf(file);
        return scan(1).findings().get(place);
    }

    @Test
    void aRunOfZerosInsideASoundIsFoundToTheSample() throws IOException {
        SoundScan.Finding found = found("a/zeros", withZeros(RATE, 3000));
        assertNull(found.problem());
        assertEquals(1.0, found.silenceStart());
        assertEquals(3000.0 / RATE, found.silenceSeconds());
        List<ExcludedSound> excluded = pruned(false, LIMIT).excluded();
        assertEquals(1, excluded.size());
        ExcludedSound one = excluded.get(0);
        assertEquals(folder.resolve("a/zeros.wav"), one.path());
        assertEquals("a", one.className());
        assertEquals("0.136 s of exact zeros from 1.000 s on", one.reason());
        assertEquals(4, pruned(false, LIMIT).sounds().items().size());
        assertEquals(List.of(), pruned(false, 0.2).excluded(), "too short for another limit");
        assertEquals(5, pruned(false, Double.POSITIVE_INFINITY).sounds().items().size(), "nothing is a fault");
    }

    @Test
    void exactlyTheLimitIsAFault() throws IOException {
        assertEquals(LIMIT, found("a/zeros", withZeros(RATE, RATE / 10)).silenceSeconds());
        assertEquals(1, pruned(false, LIMIT).excluded().size());
        write("a/zeros", withZeros(RATE, RATE / 10 - 1));
        assertEquals(List.of(), pruned(false, LIMIT).excluded());
    }

    /** A second of zeros before and after, and a fade from below one bit: single bits with zeros between them. */
    @Test
    void silenceBeforeAndAfterASoundAndSlowFadesAreOrdinary() throws IOException {
        float[] samples = new float[12 * RATE];
        for (int n = RATE; n < 11 * RATE; n++) {
            double end = Math.min(n - RATE, 11 * RATE - n) / (5.0 * RATE); // 0 at the ends, 1 in the middle
            double level = Math.pow(10, -120 * (1 - end) / 20);
            samples[n] = (float) (0.5 * level * Math.sin(2 * Math.PI * 30 * n / RATE));
        }
        SoundScan.Finding found = found("a/fade", samples);
        assertNull(found.problem());
        assertTrue(found.silenceSeconds() < 0.001, "inside are only zero crossings: " + found);
        float[] read = SoundFiles.read(folder.resolve("a/fade.wav")).mono();
        int bit = 0;
        while (read[bit] == 0) {
            bit++;
        }
        int gap = 1;
        while (read[bit + gap] != 0 || gap < 20) { // the first zero behind the first bits
            gap++;
        }
        int next = bit + gap;
        while (read[next] == 0) {
            next++;
        }
        assertTrue(next - bit - gap > 100, "the fade does scatter zeros among bits, or this test shows nothing");
    }

    @Test
    void aSampleIsZeroWhereAllChannelsAre() throws IOException {
        float[] left = withZeros(RATE, 4000);
        float[] right = withZeros(RATE + 1000, 4000);
        Path file = folder.resolve("a/stereo.wav");
        SoundFiles.write(file, new Sound(new float[][] {left, right}, RATE), SampleFormat.PCM_16);
        SoundScan.Finding found = scan(1).findings().get(2);
        assertEquals(3000.0 / RATE, found.silenceSeconds());
        assertEquals((RATE + 1000.0) / RATE, found.silenceStart());
    }

    @Test
    void aRunGoesOnOverTheEndOfABlock() throws IOException {
        float[] samples = tone(3 * RATE);
        Arrays.fill(samples, 20_000, 60_000, 0); // blocks end at 32 768
        assertTrue(found("a/long", samples).silenceSeconds() >= 40_000.0 / RATE);
    }

    private void breakFiles() throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve("a/0.wav"));
        Files.write(folder.resolve("a/2-cut.wav"), Arrays.copyOf(whole, whole.length / 2));
        Files.createFile(folder.resolve("a/3-empty.wav"));
        Files.writeString(folder.resolve("b/2-text.wav"), "this is no sound file at all");
        write("b/3-silent", new float[RATE]);
    }

    @Test
    void unreadableFilesAreListedTogetherAndTheOptionIsNamed() throws IOException {
        breakFiles();
        List<String> listed = new ArrayList<>();
        Monitor monitor = new Monitor() {
            @Override
            public void warn(String line) {
                listed.add(line);
            }
        };
        String message = assertThrows(BadInputException.class, () -> scan(2).prune(collection(), false, LIMIT, monitor))
                .getMessage();
        assertTrue(message.startsWith(folder + ": 4 of 8 sounds cannot be used, the first: "), message);
        assertTrue(message.endsWith("; replace them, or leave them out with --skip-unreadable"), message);
        assertEquals(1, message.lines().count());
        assertEquals(4, listed.size());
        for (String expected : List.of(
                "2-cut.wav: truncated", "3-empty.wav: the file is empty", "2-text.wav: not a sound file", "silent")) {
            assertTrue(listed.stream().anyMatch(line -> line.contains(expected)), expected + " in " + listed);
        }
    }

    @Test
    void theyCanBeLeftOutAndAreSaidWhy() throws IOException {
        breakFiles();
        SoundScan.Pruned pruned = pruned(true, LIMIT);
        assertEquals(4, pruned.sounds().items().size());
        assertEquals(List.of("a", "b"), pruned.sounds().classNames());
        assertEquals(4, pruned.excluded().size());
        assertTrue(pruned.excluded().stream().allMatch(ExcludedSound::unreadable));
        assertTrue(pruned.excluded().get(0).reason().startsWith("truncated: "), "without the file's name");
        assertTrue(pruned.excluded().get(3).reason().startsWith("silent, all 22050 samples are zero"));
    }

    private Path stereo(String name, float left, float right) throws IOException {
        float[][] channels = {tone(RATE), tone(RATE)};
        for (int n = 0; n < RATE; n++) {
            channels[0][n] *= left;
            channels[1][n] *= right;
        }
        Path file = folder.resolve(name + ".wav");
        SoundFiles.write(file, new Sound(channels, RATE), SampleFormat.PCM_16);
        return file;
    }

    @Test
    void channelsThatCancelEachOtherAreAFault() throws IOException {
        Path file = stereo("a/turned", 1, -1);
        String message = assertThrows(BadInputException.class, () -> pruned(false, LIMIT))
                .getMessage();
        assertTrue(message.contains("1 of 5 sounds cannot be used, the first: " + file.toString()), message);
        assertTrue(ChannelBalance.problem(file.toString()).startsWith(file + ": "));
        assertEquals(4, pruned(true, LIMIT).sounds().items().size());
    }

    private List<String> warnings(int frontEndRate) throws IOException {
        List<String> warnings = new ArrayList<>();
        SoundScan.readable(
                collection(),
                new LogMel(new SpectrogramSettings(
                        frontEndRate,
                        frontEndRate,
                        512,
                        256,
                        Window.HAMMING,
                        16,
                        0,
                        frontEndRate / 2.0,
                        16,
                        1e-7,
                        -4,
                        ResamplingFilter.STANDARD)),
                false,
                1,
                new Monitor() {
                    @Override
                    public void warn(String line) {
                        warnings.add(line);
                    }
                });
        return warnings;
    }

    @Test
    void theSameSamplesAreToldWhateverTheFile() throws IOException {
        Sound sound = SoundFiles.read(folder.resolve("a/1.wav"));
        SoundFiles.write(folder.resolve("a/2.aiff"), sound, SampleFormat.PCM_16);
        List<String> same = warnings(RATE);
        assertEquals(1, same.size(), same.toString());
        assertTrue(
                same.get(0)
                        .startsWith(folder.resolve("a/1.wav") + " and " + folder.resolve("a/2.aiff")
                                + " hold the same samples; keep one of them"),
                same.toString());
        SoundFiles.write(folder.resolve("b/2.au"), sound, SampleFormat.PCM_16);
        assertTrue(
                warnings(RATE).get(1).contains(" hold the same samples, but are of two classes, a and b; "),
                warnings(RATE).toString());
    }

    @Test
    void theSameSamplesInTwoPartsOfAManifestAreTold() throws IOException {
        Files.copy(folder.resolve("a/1.wav"), folder.resolve("a/again.wav"));
        Path manifest = Files.writeString(
                folder.resolve("all.csv"),
                "path,label,split\na/1.wav,a,train\na/again.wav,a,test\nb/0.wav,b,train\nb/1.wav,b,test\n");
        SoundCollection collection = SoundCollection.open(manifest);
        List<String> told = new ArrayList<>();
        SoundScan.of(collection, 2, Monitor.silent()).prune(collection, false, LIMIT, new Monitor() {
            @Override
            public void warn(String line) {
                told.add(line);
            }
        });
        assertEquals(1, told.size(), told.toString());
        assertTrue(told.get(0).contains(" hold the same samples, one in the part train, one in test; "), told.get(0));
    }

    @Test
    void channelsThatCancelInPartAreTold() throws IOException {
        stereo("b/thin", 1, -0.9f);
        assertEquals(1, warnings(RATE).size());
        assertTrue(warnings(RATE).get(0).contains("thin.wav: its channels cancel each other in part"));
    }

    @Test
    void soundsOfALowRateLeaveBandsEmpty() throws IOException {
        assertEquals(List.of(), warnings(RATE));
        assertEquals(List.of(), warnings(16_000));
        List<String> all = warnings(44_100);
        assertEquals(1, all.size(), "no class differs from the others: " + all);
        assertTrue(
                all.get(0)
                        .startsWith(
                                folder + ": 4 of 4 sounds were recorded at 22050 Hz and hold nothing above 11025 Hz; "),
                all.get(0));
        assertTrue(
                all.get(0)
                        .matches(".*; [1-9] of its 16 bands lie above and stay empty; .* sampleRate 22050 and "
                                + "highHz 11025"),
                all.get(0));
        for (int i = 0; i < 2; i++) {
            SoundFiles.writeWav(folder.resolve("b/" + i + ".wav"), tone(RATE + i), 44_100);
        }
        List<String> ofA = warnings(44_100);
        assertEquals(2, ofA.size());
        assertTrue(ofA.get(1).contains("tell classes by this alone (a 2 of 2, b 0 of 2)"), ofA.get(1));
    }

    @Test
    void aClassThatLosesAllItsSoundsIsNamed() throws IOException {
        write("c/0", withZeros(RATE, 4000));
        String message = assertThrows(BadInputException.class, () -> pruned(false, LIMIT))
                .getMessage();
        assertTrue(
                message.contains("no sound of class c is left; 0.wav, the first that is left out, is: 0.181 s"),
                message);
    }

    @Test
    void anyNumberOfThreadsFindsTheSame() throws IOException {
        breakFiles();
        write("a/zeros", withZeros(RATE, 3000));
        SoundScan one = scan(1);
        assertEquals(one, scan(2));
        assertEquals(one, scan(7));
    }
}
