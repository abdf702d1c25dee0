/**
 * Does an explanation hold? The evaluation of chapter 4 and the appendices of the thesis for any model, and measures
 * that later work on audio explanations has come to expect. {@link unweave.explain.evaluate.Study} is what is
 * evaluated; each measure is a class that computes a record of numbers from it.
 */
package unweave.explain.evaluate;
