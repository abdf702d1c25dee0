/**
 * Computes nodes of ONNX from <a href="https://onnx.ai/onnx/operators/">their definitions</a>, in float64 on arrays of
 * any rank: to fold constants and shapes, and as a second opinion on what an imported network computes. It shares no
 * line with the engine's own layers.
 */
package unweave.engine.onnx.evaluate;
