package unweave.engine.onnx.convert;

import unweave.engine.onnx.NdArray;

/** What a tensor of the graph has become for one input of the network. */
sealed interface Value permits View, Value.Fixed, Value.Refused {
    /** The same for every input. */
    record Fixed(NdArray array) implements Value {}

    /**
     * Nothing, because of an obstacle.
     *
     * @param reason one line that names the node in the way
     */
    record Refused(String reason) implements Value {}
}
