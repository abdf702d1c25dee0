package unweave.engine.onnx;

/**
 * The length of one axis as a file declares it.
 *
 * @param size its length, -1 if it is not fixed
 * @param symbol its name where it has one ({@code batch}), else empty
 */
public record OnnxDimension(long size, String symbol) {
    /** Whether the length is fixed. */
    public boolean isFixed() {
        return size >= 0;
    }

    @Override
    public String toString() {
        return isFixed() ? Long.toString(size) : symbol.isEmpty() ? "?" : symbol;
    }
}
