/** Networks that other programs trained: read, checked against a reference, and given a front end and class names. */
package unweave.explain.imports;
