package unweave.engine.torch;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A pickle with the storages of its tensors. */
interface TorchContainer extends Closeable {
    /** The value that was saved. */
    Object root();

    /**
     * The values of a storage, in the file's byte order; the caller may move the position.
     *
     * @throws Malformed if the storage is missing or of another size
     */
    ByteBuffer bytes(Storage storage) throws IOException;
}
