package unweave.explain.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import unweave.audio.random.SeededRandom;

class ChannelBalanceTest {
    private static float[][] noise(int channels) {
        SeededRandom random = new SeededRandom(5);
        float[][] noise = new float[channels][20_000];
        for (float[] channel : noise) {
            for (int n = 0; n < channel.length; n++) {
                channel[n] = (float) (0.1 * random.gaussian());
            }
        }
        return noise;
    }

    /** The second channel is {@code gain} times the first. */
    private static ChannelBalance of(double gain) {
        float[][] block = noise(2);
        for (int n = 0; n < block[0].length; n++) {
            block[1][n] = (float) (gain * block[0][n]);
        }
        return of(block);
    }

    private static ChannelBalance of(float[][] block) {
        ChannelBalance balance = new ChannelBalance();
        balance.add(block, block[0].length);
        return balance;
    }

    @Test
    void whatPeopleRecordIsFine() {
        for (int channels = 1; channels <= 16; channels++) {
            float[][] independent = noise(channels);
            assertEquals(Optional.empty(), of(independent).remark("x"), channels + " independent channels");
            float[][] one = new float[channels][];
            Arrays.fill(one, new float[independent[0].length]);
            one[0] = independent[0];
            assertEquals(Optional.empty(), of(one).remark("x"), "one of " + channels + " sounds");
            assertFalse(of(one).cancels());
        }
        assertEquals(Optional.empty(), of(1).remark("x"));
        assertFalse(new ChannelBalance().cancels(), "nothing was heard yet");
        assertFalse(of(new float[2][100]).cancels(), "silence is another fault");
    }

    @Test
    void aChannelThatIsTurnedOverCancelsTheOther() {
        assertTrue(of(-1).cancels());
        assertTrue(of(-1.0005).cancels(), "-72 dB are left");
        assertFalse(of(-1.01).cancels());
    }

    /** Mean 0.05 of the first channel, channels 0.951 of it in the mean: 20 log10(0.05 / 0.951) = -25.6 dB. */
    @Test
    void channelsThatCancelInPartAreRemarked() {
        String remark = of(-0.9).remark("a.wav").orElseThrow();
        assertTrue(
                remark.startsWith("a.wav: its channels cancel each other in part, their mean is 26 dB below"), remark);
        assertEquals(Optional.empty(), of(-0.5).remark("a.wav"), "-10 dB");
    }
}
