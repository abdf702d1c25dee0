/**
 * Reading and writing sound files: WAV, AU and AIFF, 8 to 32 bit, float, any number of channels, any rate.
 *
 * <p>{@link unweave.audio.file.SoundFiles} is the entrance. One class per file format ({@code WavFormat},
 * {@code AuFormat}, {@code AiffFormat}) turns a header into a {@code SampleLayout} (where the samples lie and how they
 * are coded) and back; everything after that is the same for all three.
 *
 * <p>{@code javax.sound.sampled} is not used: it refuses float and A-law variants, RF64, and files whose length a
 * streaming program left open, and it reports a truncated file as a shorter one.
 */
package unweave.audio.file;
