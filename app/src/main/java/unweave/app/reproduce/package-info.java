/**
 * The experiments of the thesis from nothing: {@link unweave.app.reproduce.Chapter} is the table of contents of one
 * chapter, {@link unweave.app.reproduce.ChapterPlan} its settings, {@link unweave.app.reproduce.ChapterData} its
 * sounds, and the page sets the thesis' numbers beside the ones found here.
 */
package unweave.app.reproduce;
