/**
 * Reads what {@code torch.save} wrote: a pickle (Python's serialisation) of nested dictionaries with tensors beside it.
 * Nothing in a file is ever executed: {@link unweave.engine.torch.Unpickler} knows a fixed list of functions, each of
 * which only rearranges its arguments.
 */
package unweave.engine.torch;
