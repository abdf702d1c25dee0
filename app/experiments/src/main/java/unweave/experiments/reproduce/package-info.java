/**
 * The experiments of the thesis from nothing: {@link unweave.experiments.reproduce.Chapter} is the table of contents of
 * one chapter, {@link unweave.experiments.reproduce.ChapterPlan} its settings,
 * {@link unweave.experiments.reproduce.ChapterData} its sounds, and the page sets the thesis' numbers beside the ones
 * found here.
 */
package unweave.experiments.reproduce;
