package unweave.bench.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Operations of PyTorch that DJL does not offer, as methods of a TorchScript module. PyTorch reads such a module from a
 * zip archive that holds the text of its methods and, pickled, its fields; it is put together here in memory.
 */
final class TorchScript implements AutoCloseable {
    /** memory_format 2 is channels last. */
    private static final String METHODS =
            """
      class Operations(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def channels_last(self: __torch__.Operations, x: Tensor) -> Tensor:
          return torch.clone(x, memory_format=2)
        def orthogonalize(self: __torch__.Operations, u: Tensor) -> Tensor:
          values, vectors = torch.linalg_eigh(torch.matmul(torch.t(u), u))
          root = torch.matmul(torch.mul(vectors, torch.rsqrt(values)), torch.t(vectors))
          return torch.matmul(u, root)
      """;
    /** Pickle, protocol 2: an object of the class __torch__.Operations with the fields {"training": False}. */
    private static final byte[] FIELDS = ("\u0080\2c__torch__\nOperations\n)\u0081}(X\u0008\0\0\0training\u0089ub.")
            .getBytes(StandardCharsets.ISO_8859_1);
    /** Pickle: an empty tuple. */
    private static final byte[] NO_CONSTANTS = "\u0080\2).".getBytes(StandardCharsets.ISO_8859_1);

    private final PtNDManager manager;
    private final PtSymbolBlock module;

    TorchScript(NDManager manager) {
        this.manager = (PtNDManager) manager;
        try {
            module = JniUtils.loadModule(this.manager, new ByteArrayInputStream(archive()), false, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A copy with images in the order N H W C, also where a dimension of size 1 leaves the order open. */
    NDArray channelsLast(NDArray x) {
        return call("channels_last", x);
    }

    /** U (U^T U)^(-1/2) by the eigendecomposition of U^T U. */
    NDArray orthogonalize(NDArray u) {
        return call("orthogonalize", u);
    }

    /** What a module returns takes no part in automatic differentiation; a copy does. */
    private NDArray call(String method, NDArray x) {
        try (IValue argument = IValue.from((PtNDArray) x);
                IValue result = IValueUtils.runMethod(module, method, argument);
                NDArray tensor = result.toTensor(manager)) {
            return tensor.duplicate();
        }
    }

    private static byte[] archive() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            add(zip, "data.pkl", FIELDS);
            add(zip, "code/__torch__.py", METHODS.getBytes(StandardCharsets.UTF_8));
            add(zip, "constants.pkl", NO_CONSTANTS);
            add(zip, "version", "3\n".getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry("operations/" + name);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    @Override
    public void close() {
        module.close();
    }
}
