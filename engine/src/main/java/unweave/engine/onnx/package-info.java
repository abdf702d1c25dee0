/**
 * Reads ONNX files (<a href="https://onnx.ai/onnx/repo-docs/IR.html">the format</a>): a protobuf message with a graph
 * of nodes and its tensors. Nothing is trusted: every length is compared with what the file holds before memory is
 * taken.
 */
package unweave.engine.onnx;
