package unweave.engine.onnx.convert;

/**
 * What part of a graph becomes a network, and how it reads.
 *
 * @param input the tensor at which the network begins; null for the graph's only input
 * @param output the tensor that gives the logits; null for the graph's only output
 * @param timeFirst whether the input has time before frequency, (batch, 1, time, frequency) or (batch, time,
 *     frequency): the network's input is frequency x time all the same
 * @param dims the sizes of the input's axes, batch first, where the file leaves them open; null if it says all
 */
public record ConversionOptions(String input, String output, boolean timeFirst, int[] dims) {
    /** The whole graph, as it is. */
    public static final ConversionOptions WHOLE = new ConversionOptions(null, null, false, null);
}
