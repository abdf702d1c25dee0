package unweave.engine.onnx;

/** Says what is wrong with the content of a file; the file's name is put before it where it is known. */
final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Malformed(String what) {
        super(what);
    }
}
