package unweave.figure;

import java.util.Random;
import unweave.explain.TimeFrequencyAxes;

/**
 * Made-up log-mel spectrograms and relevance maps that look like real ones: four modulated bands, tones and noise on
 * the toy preset's axes.
 */
public final class ExampleMaps {

    public static final int MELS = 64;
    public static final int FRAMES = 64;
    public static final int OBJECTS = 4;

    private static final double[] CARRIER_HZ = {125, 550, 900, 3750};
    private static final double[] ENVELOPE_HZ = {16, 2, 4.5, 20};

    /** Band energies in [0, 1], [object][mel][frame]. */
    public final float[][][] objects = new float[OBJECTS][MELS][FRAMES];

    public final float[][] logMel = new float[MELS][FRAMES];
    /** Relevance of each of four concepts, and their sum. */
    public final float[][][] concepts = new float[OBJECTS][MELS][FRAMES];

    public final float[][] standard = new float[MELS][FRAMES];

    public ExampleMaps(long seed) {
        Random random = new Random(seed);
        double[] phase = random.doubles(OBJECTS, 0, 2 * Math.PI).toArray();
        double[] tone = random.doubles(4, 5, 58).toArray();
        for (int mel = 0; mel < MELS; mel++) {
            for (int frame = 0; frame < FRAMES; frame++) {
                double energy = 0.002 + 0.003 * random.nextDouble();
                for (int tonal = 0; tonal < tone.length; tonal++) {
                    energy += 0.3
                            * bump(mel - tone[tonal], 0.7)
                            * (tonal < 2 ? 1 : 0.5 + 0.5 * Math.sin(frame * 0.9 * tonal));
                }
                for (int object = 0; object < OBJECTS; object++) {
                    double time = frame * axes().secondsPerFrame();
                    double turn = 2 * Math.PI * ENVELOPE_HZ[object] * time + phase[object];
                    double envelope = object == 1 ? turn / (2 * Math.PI) % 1 : Math.max(0, 0.4 + 0.6 * Math.sin(turn));
                    double band =
                            bump(mel - row(CARRIER_HZ[object]), 1) + (object == 2 ? 0.5 * bump(mel - row(1800), 1) : 0);
                    objects[object][mel][frame] = (float) (band * envelope);
                    energy += objects[object][mel][frame];
                }
                logMel[mel][frame] = (float) Math.max(-4, 1.3 * Math.log10(energy) + 0.8);
            }
        }
        relevances(random);
    }

    /** Axes of the toy preset: 64 mel bands from 0 to 8000 Hz, hop of 240 samples at 16 kHz. */
    public static TimeFrequencyAxes axes() {
        return AXES;
    }

    private static final TimeFrequencyAxes AXES = new TimeFrequencyAxes(centres(), FRAMES, 0.015);

    private static double[] centres() {
        double[] centres = new double[MELS];
        for (int mel = 0; mel < MELS; mel++) {
            centres[mel] = 700 * (Math.pow(10, (mel + 1) * mel(8000) / (MELS + 1) / 2595) - 1);
        }
        return centres;
    }

    /** The sum of a map's values. */
    public static double sum(float[][] map) {
        double sum = 0;
        for (float[] row : map) {
            for (float value : row) {
                sum += value;
            }
        }
        return sum;
    }

    private void relevances(Random random) {
        double[][] mixing = {
            {0.1, 1.1, 0.05, 0.3}, {0.9, 0.05, 0.1, -0.02}, {0.02, 0.08, 0.8, 0.1}, {0.1, -0.15, 0.2, 0.4}
        };
        for (int mel = 0; mel < MELS; mel++) {
            for (int frame = 0; frame < FRAMES; frame++) {
                for (int concept = 0; concept < OBJECTS; concept++) {
                    double relevance = 0.0012 * random.nextGaussian();
                    for (int object = 0; object < OBJECTS; object++) {
                        relevance += mixing[concept][object]
                                * Math.pow(objects[object][mel][frame], 1.5)
                                * (0.03 + 0.03 * random.nextDouble());
                    }
                    concepts[concept][mel][frame] = (float) relevance;
                    standard[mel][frame] += (float) relevance;
                }
            }
        }
    }

    private static double bump(double distance, double width) {
        return Math.exp(-0.5 * distance * distance / (width * width));
    }

    private static double row(double frequencyHz) {
        return mel(frequencyHz) * (MELS + 1) / mel(8000) - 1;
    }

    private static double mel(double frequencyHz) {
        return 2595 * Math.log10(1 + frequencyHz / 700);
    }
}
