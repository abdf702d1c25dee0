/**
 * An ONNX graph as layers of this library: every tensor becomes a {@link unweave.engine.onnx.convert.View} of a layer's
 * output, so that transposes, reshapes and splits cost nothing until an operator needs another order in memory.
 */
package unweave.engine.onnx.convert;
