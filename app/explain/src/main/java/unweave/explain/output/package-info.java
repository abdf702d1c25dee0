/** Files the program writes: result folders that never lose a user's own files, atomic writes, NPY arrays and JSON. */
package unweave.explain.output;
