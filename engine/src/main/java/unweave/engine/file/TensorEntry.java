package unweave.engine.file;

import java.util.List;

/**
 * Where a tensor lies in a safetensors file.
 *
 * @param begin first byte, counted from the end of the header
 * @param end the byte after the last
 */
public record TensorEntry(DataType type, List<Integer> shape, long begin, long end) {
    public TensorEntry {
        shape = List.copyOf(shape);
    }

    /** Number of values. */
    public int size() {
        return (int) ((end - begin) / type.bytes());
    }
}
