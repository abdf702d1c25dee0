package unweave.engine.torch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import unweave.engine.file.InputFile;
import unweave.engine.file.ModelFileException;
import unweave.engine.file.StateDict;

/**
 * A state dict as {@code torch.save} wrote it (.pt, .pth, .ckpt): a zip archive, or the one stream of bytes of versions
 * before 1.6. The dictionary may be the whole file or lie under a key such as {@code state_dict}; what all names have
 * in common because of a wrapper ({@code module.}) is left out.
 */
public final class TorchFile implements StateDict {
    /** Where checkpoints keep their weights, the likeliest first. */
    private static final List<String> KEYS =
            List.of("state_dict", "model_state_dict", "model", "net", "network", "weights", "params");

    /** What wrappers put before every name: DataParallel, torch.compile, Lightning. */
    private static final List<String> WRAPPERS = List.of("module.", "_orig_mod.", "model.", "net.");

    /** What an array holds. */
    private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

    private final Path file;
    private final TorchContainer container;
    private final Map<String, StoredTensor> tensors;

    private TorchFile(Path file, TorchContainer container) {
        this.file = file;
        this.container = container;
        this.tensors = withoutWrappers(stateDict(container.root()));
    }

    /** Whether a file begins as {@code torch.save} begins one. */
    public static boolean looksLikeOne(Path file) throws IOException {
        byte[] first = first(file);
        return ZipContainer.begins(first) || LegacyContainer.begins(first);
    }

    /**
     * Opens a file and reads its structure; the tensors are read when asked for.
     *
     * @throws ModelFileException if it is missing, damaged, no such file, or names functions that are not known
     */
    public static TorchFile open(Path file) throws IOException {
        TorchContainer container = null;
        try {
            container = ZipContainer.begins(first(file)) ? ZipContainer.open(file) : LegacyContainer.open(file);
            return new TorchFile(file, container);
        } catch (Malformed e) {
            close(container);
            throw new ModelFileException(file, e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            close(container);
            throw e;
        }
    }

    private static void close(TorchContainer container) throws IOException {
        if (container != null) {
            container.close();
        }
    }

    private static byte[] first(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new ModelFileException(file, "is a folder, not a file of weights");
        }
        InputFile.require(file);
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(4);
        } catch (NoSuchFileException e) {
            throw new ModelFileException(file, "no such file (looked for it at " + file.toAbsolutePath() + ")", e);
        }
    }

    private static Map<String, StoredTensor> stateDict(Object root) {
        if (!(root instanceof Map<?, ?> map)) {
            throw new Malformed("holds no dictionary of tensors; save model.state_dict()");
        }
        Map<String, StoredTensor> whole = tensors(map);
        if (!whole.isEmpty()) {
            return whole;
        }
        for (String key : KEYS) {
            if (map.get(key) instanceof Map<?, ?> nested && !tensors(nested).isEmpty()) {
                return tensors(nested);
            }
        }
        Map<String, Map<String, StoredTensor>> others = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            if (value instanceof Map<?, ?> nested && !tensors(nested).isEmpty()) {
                others.put(String.valueOf(key), tensors(nested));
            }
        });
        if (others.size() == 1) {
            return others.values().iterator().next();
        }
        throw new Malformed("holds no state dict, neither by itself nor under one of the keys " + KEYS
                + (others.isEmpty() ? "" : "; tensors lie under the keys " + others.keySet()));
    }

    private static Map<String, StoredTensor> tensors(Map<?, ?> map) {
        Map<String, StoredTensor> found = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            if (key instanceof String name && value instanceof StoredTensor tensor) {
                found.put(name, tensor);
            }
        });
        return found;
    }

    private static Map<String, StoredTensor> withoutWrappers(Map<String, StoredTensor> tensors) {
        for (String wrapper : WRAPPERS) {
            if (tensors.keySet().stream().allMatch(name -> name.startsWith(wrapper))) {
                Map<String, StoredTensor> bare = new LinkedHashMap<>();
                tensors.forEach((name, tensor) -> bare.put(name.substring(wrapper.length()), tensor));
                return withoutWrappers(bare);
            }
        }
        return tensors;
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    @Override
    public boolean contains(String name) {
        return tensors.containsKey(name);
    }

    @Override
    public List<Integer> shape(String name) throws IOException {
        return tensor(name).shape();
    }

    private StoredTensor tensor(String name) throws IOException {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new ModelFileException(file, "has no tensor \"" + name + "\"");
        }
        return tensor;
    }

    @Override
    public float[] floats(String name) throws IOException {
        StoredTensor tensor = tensor(name);
        Storage storage = tensor.storage();
        if (storage.type() == null) {
            throw new ModelFileException(
                    file, "tensor \"" + name + "\" holds numbers of a type that is not known here");
        }
        int width = storage.type().bytes();
        try {
            if (storage.count() > MOST_BYTES / width) {
                throw new Malformed("its storage of " + storage.count() + " values is too large");
            }
            ByteBuffer bytes = container.bytes(storage);
            FloatBuffer values = FloatBuffer.allocate(tensor.size());
            tensor.forEachPlace(
                    place -> values.put((float) storage.type().readDouble(bytes.position((int) place * width))));
            return values.array();
        } catch (Malformed e) {
            throw new ModelFileException(file, "tensor \"" + name + "\": " + e.getMessage(), e);
        }
    }

    /** Reads exactly so many bytes as a storage has values for. */
    static ByteBuffer buffer(byte[] bytes, Storage storage, ByteOrder order) {
        if (bytes.length != storage.count() * storage.type().bytes()) {
            throw new Malformed("its storage " + storage.key() + " has " + bytes.length + " bytes, " + storage.count()
                    + " values of " + storage.type().bytes() + " bytes are expected");
        }
        return ByteBuffer.wrap(bytes).order(order);
    }

    @Override
    public void close() throws IOException {
        container.close();
    }
}
