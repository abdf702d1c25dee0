package unweave.audio.synthetic;

/**
 * One synthetic sound and its parts: signal = sum of the used objects + background.
 *
 * @param classIndex 0 or 1
 * @param signal 16000 samples at 16 kHz, scaled to a peak of 1
 * @param used [4] which objects of the class the signal holds
 * @param objects [4][16000] each object as it stands in the signal, after the scaling; null where it is not used
 * @param background [16000] the random sounds and the noise as they stand in the signal
 */
public record SyntheticSample(int classIndex, float[] signal, boolean[] used, float[][] objects, float[] background) {}
