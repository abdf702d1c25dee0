package unweave.engine.torch;

import unweave.engine.file.DataType;

/**
 * A block of values that tensors look into.
 *
 * @param key its name in the file
 * @param type null where PyTorch's type has no counterpart here, such as complex numbers
 * @param count number of values
 */
record Storage(String key, DataType type, long count) {}
