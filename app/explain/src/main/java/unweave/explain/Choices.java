package unweave.explain;

import unweave.audio.sonify.Sonification;
import unweave.audio.spectral.MelInverse;
import unweave.explain.progress.Monitor;

/**
 * What an {@link Explainer} works with, where the default does not suit: {@code new Choices().withDevice("cpu")}.
 *
 * @param device "auto" (a GPU if one can be used, else the CPU), "cpu", "scalar" (the CPU without SIMD), "cuda" or
 *     "cuda:1"
 * @param threads to compute with on the CPU, 0 for one per processor; results do not depend on it
 * @param composite relevance rules, such as "epsilon-plus; first: flat"; null for those of the model's preset
 * @param inverse how sounds are made from mel bands, see {@link Sonification}
 * @param seed decides everything random
 * @param monitor is told how far long work has come
 */
public record Choices(
        String device, int threads, String composite, MelInverse.Method inverse, long seed, Monitor monitor) {

    /** The defaults: the device found, all processors, the model's own rules. */
    public Choices() {
        this("auto", 0, null, MelInverse.Method.PSEUDO_INVERSE, 1, Monitor.silent());
    }

    /** The same on another device. */
    public Choices withDevice(String other) {
        return new Choices(other, threads, composite, inverse, seed, monitor);
    }

    /** The same with another number of threads. */
    public Choices withThreads(int other) {
        return new Choices(device, other, composite, inverse, seed, monitor);
    }

    /** The same with other relevance rules. */
    public Choices withComposite(String other) {
        return new Choices(device, threads, other, inverse, seed, monitor);
    }

    /** The same with sounds made in another way. */
    public Choices withInverse(MelInverse.Method other) {
        return new Choices(device, threads, composite, other, seed, monitor);
    }

    /** The same with another seed. */
    public Choices withSeed(long other) {
        return new Choices(device, threads, composite, inverse, other, monitor);
    }

    /** The same with somebody to report to. */
    public Choices withMonitor(Monitor other) {
        return new Choices(device, threads, composite, inverse, seed, other);
    }
}
