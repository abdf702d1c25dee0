package unweave.engine.torch;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The format since PyTorch 1.6: NAME/data.pkl with the pickle, NAME/data/KEY with a storage each, all of them stored
 * without compression.
 */
final class ZipContainer implements TorchContainer {
    private static final String PICKLE = "data.pkl";

    private final ZipFile zip;
    private final String folder;
    private final ByteOrder order;
    private final Object root;

    private ZipContainer(ZipFile zip) throws IOException {
        this.zip = zip;
        String pickle = zip.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.equals(PICKLE) || name.endsWith("/" + PICKLE))
                .findFirst()
                .orElseThrow(
                        () -> new Malformed("is a zip archive without a data.pkl, so torch.save did not write it"));
        folder = pickle.substring(0, pickle.length() - PICKLE.length());
        if (zip.getEntry(folder + "constants.pkl") != null) {
            throw new Malformed("is a TorchScript archive, which holds code; export the network with torch.onnx.export,"
                    + " or save model.state_dict()");
        }
        String byteOrder = zip.getEntry(folder + "byteorder") == null
                ? "little"
                : new String(read(folder + "byteorder"), StandardCharsets.UTF_8);
        order = byteOrder.equals("big") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        root = new Unpickler(new ByteArrayInputStream(read(pickle))).read();
    }

    static boolean begins(byte[] first) {
        return first.length >= 4 && first[0] == 'P' && first[1] == 'K' && first[2] == 3 && first[3] == 4;
    }

    static ZipContainer open(Path file) throws IOException {
        ZipFile zip;
        try {
            zip = new ZipFile(file.toFile());
        } catch (ZipException | EOFException e) {
            throw new Malformed(
                    "is a damaged zip archive" + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")"));
        }
        try {
            return new ZipContainer(zip);
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    /** Entries that are compressed might grow without end; PyTorch writes none. */
    private byte[] read(String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new Malformed("has no " + name);
        }
        if (entry.getMethod() != ZipEntry.STORED || entry.getSize() != entry.getCompressedSize()) {
            throw new Malformed("has a compressed " + name + ", which torch.save does not write; save it again");
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readAllBytes();
            if (bytes.length != entry.getSize()) {
                throw new Malformed("ends in the middle of " + name);
            }
            return bytes;
        } catch (ZipException | EOFException e) {
            throw new Malformed("is a damaged zip archive (at " + name + ")");
        }
    }

    @Override
    public Object root() {
        return root;
    }

    @Override
    public ByteBuffer bytes(Storage storage) throws IOException {
        return TorchFile.buffer(read(folder + "data/" + storage.key()), storage, order);
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
