/** Front ends as data: JSON, the named ones, and what a checkpoint tells about its own. */
package unweave.explain.frontend;
