package unweave.kernels.operations;

/** The operands of an operation by name, in some kind of memory: a backend's, or Java arrays for the reference. */
public interface Operands<F, I> {
    /** The float operand of that name. */
    F floats(String name);

    /** The int operand of that name. */
    I ints(String name);
}
