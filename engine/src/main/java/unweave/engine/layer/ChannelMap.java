package unweave.engine.layer;

/** y = scale x + shift for each channel; the arrays are not copied. */
public record ChannelMap(double[] scale, double[] shift) {}
