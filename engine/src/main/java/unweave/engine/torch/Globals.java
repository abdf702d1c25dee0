package unweave.engine.torch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import unweave.engine.file.DataType;

/**
 * The Python functions and classes that a pickle may name, and what stands for their results here. None is Python's:
 * each only rearranges its arguments. What is of no use for weights (settings, numbers of NumPy) becomes
 * {@link #UNUSED}.
 */
final class Globals {
    /** Stands for a value that nobody needs. */
    static final Object UNUSED = new Object();

    /** A type of numbers by both names that PyTorch gives it: FloatStorage, float32. */
    private record NumberType(String storage, String dtype, DataType type) {}

    private static final List<NumberType> TYPES = List.of(
            new NumberType("Float", "float32", DataType.F32),
            new NumberType("Double", "float64", DataType.F64),
            new NumberType("Half", "float16", DataType.F16),
            new NumberType("BFloat16", "bfloat16", DataType.BF16),
            new NumberType("Long", "int64", DataType.I64),
            new NumberType("Int", "int32", DataType.I32),
            new NumberType("Short", "int16", DataType.I16),
            new NumberType("Char", "int8", DataType.I8),
            new NumberType("Byte", "uint8", DataType.U8),
            new NumberType("Bool", "bool", DataType.BOOL),
            new NumberType("Untyped", "", DataType.U8));

    private static final String TENSOR_2 = "torch._utils._rebuild_tensor_v2";
    private static final String TENSOR_3 = "torch._utils._rebuild_tensor_v3";
    private static final String TENSOR_1 = "torch._utils._rebuild_tensor";
    private static final String PARAMETER = "torch._utils._rebuild_parameter";
    private static final String PARAMETER_WITH_STATE = "torch._utils._rebuild_parameter_with_state";
    private static final String FROM_TYPE = "torch._tensor._rebuild_from_type_v2";
    private static final String ORDERED = "collections.OrderedDict";
    private static final String DEFAULTED = "collections.defaultdict";
    private static final String SIZE = "torch.Size";

    private static final Set<String> OF_USE =
            Set.of(TENSOR_1, TENSOR_2, TENSOR_3, PARAMETER, PARAMETER_WITH_STATE, FROM_TYPE, ORDERED, DEFAULTED, SIZE);

    /** Met in checkpoints beside the weights. */
    private static final Set<String> OF_NO_USE = Set.of(
            "argparse.Namespace",
            "builtins.set",
            "__builtin__.set",
            "builtins.dict",
            "builtins.list",
            "builtins.int",
            "builtins.float",
            "builtins.bytearray",
            "builtins.complex",
            "_codecs.encode",
            "datetime.datetime",
            "datetime.timedelta",
            "numpy.core.multiarray.scalar",
            "numpy._core.multiarray.scalar",
            "numpy.core.multiarray._reconstruct",
            "numpy._core.multiarray._reconstruct",
            "numpy.dtype",
            "numpy.ndarray",
            "pathlib.PosixPath",
            "pathlib.WindowsPath",
            "torch.device",
            "torch.Tensor",
            "torch.nn.parameter.Parameter",
            "torch.serialization._get_layout");

    private Globals() {}

    /** A function or class by its name, module first. */
    record Global(String name) {}

    /**
     * What a pickle may name.
     *
     * @throws Malformed if it must not; the message names it
     */
    static Global of(String module, String name) {
        String full = module + "." + name;
        if (OF_USE.contains(full) || OF_NO_USE.contains(full) || dtype(full) != null || isStorage(full)) {
            return new Global(full);
        }
        if (module.equals("__main__") || module.startsWith("torch.nn.modules") || module.startsWith("torchvision")) {
            throw new Malformed("holds a whole module (" + full + "), whose code is not in the file; save"
                    + " model.state_dict() instead");
        }
        throw new Malformed(
                "names " + full + ", which is none of the functions that files of weights need, so it is refused; save"
                        + " model.state_dict() alone");
    }

    private static boolean isStorage(String name) {
        boolean ofTorch = name.startsWith("torch.") && name.indexOf('.') == name.lastIndexOf('.');
        return (ofTorch && name.endsWith("Storage"))
                || name.equals("torch.storage.UntypedStorage")
                || name.equals("torch.storage.TypedStorage");
    }

    private static DataType dtype(String name) {
        return TYPES.stream()
                .filter(known -> name.equals("torch." + known.dtype()))
                .map(NumberType::type)
                .findFirst()
                .orElse(null);
    }

    /**
     * The persistent object of a pickle, ("storage", type, key, place, count).
     *
     * @throws Malformed if it is something else
     */
    static Storage storage(Object id) {
        if (id instanceof List<?> parts
                && parts.size() >= 5
                && "storage".equals(parts.get(0))
                && parts.get(1) instanceof Global type
                && isStorage(type.name())
                && parts.get(2) instanceof String key
                && parts.get(4) instanceof Long count
                && count >= 0) {
            return new Storage(key, storageType(type.name()), count);
        }
        throw new Malformed("has a persistent object that is no storage");
    }

    /** Null for types without a counterpart here, such as complex numbers. */
    private static DataType storageType(String name) {
        return TYPES.stream()
                .filter(known -> name.endsWith("." + known.storage() + "Storage"))
                .map(NumberType::type)
                .findFirst()
                .orElse(null);
    }

    /**
     * The result of a call.
     *
     * @throws Malformed if the arguments are not those that PyTorch writes
     */
    static Object call(Object function, List<?> arguments) {
        if (function == UNUSED) {
            return UNUSED;
        }
        if (!(function instanceof Global global)) {
            throw new Malformed("calls something that is no function");
        }
        return switch (global.name()) {
            case ORDERED, DEFAULTED -> dictionary(arguments);
            case TENSOR_1, TENSOR_2 -> tensor(arguments);
            case TENSOR_3 -> typedTensor(arguments);
            case PARAMETER, PARAMETER_WITH_STATE -> argument(arguments, 0, Object.class);
            case FROM_TYPE -> call(argument(arguments, 0, Global.class), argument(arguments, 2, List.class));
            case SIZE -> argument(arguments, 0, List.class);
            default -> UNUSED;
        };
    }

    private static Map<Object, Object> dictionary(List<?> arguments) {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (!arguments.isEmpty() && arguments.get(0) instanceof List<?> pairs) {
            for (Object pair : pairs) {
                if (pair instanceof List<?> two && two.size() == 2) {
                    map.put(key(two.get(0)), two.get(1));
                }
            }
        }
        return map;
    }

    /** A dictionary's key; of other kinds than text and numbers none is needed. */
    static Object key(Object value) {
        return value instanceof String || value instanceof Number || value instanceof Boolean ? value : new Object();
    }

    private static StoredTensor tensor(List<?> arguments) {
        return new StoredTensor(
                argument(arguments, 0, Storage.class),
                argument(arguments, 1, Long.class),
                sizes(argument(arguments, 2, List.class)),
                strides(argument(arguments, 3, List.class)));
    }

    /** Of an untyped storage, whose type is the seventh argument. */
    private static StoredTensor typedTensor(List<?> arguments) {
        Storage bytes = argument(arguments, 0, Storage.class);
        DataType type = dtype(argument(arguments, 6, Global.class).name());
        long count = type == null ? 0 : bytes.count() / type.bytes();
        return new StoredTensor(
                new Storage(bytes.key(), type, count),
                argument(arguments, 1, Long.class),
                sizes(argument(arguments, 2, List.class)),
                strides(argument(arguments, 3, List.class)));
    }

    private static List<Integer> sizes(List<?> values) {
        List<Integer> sizes = new ArrayList<>();
        for (Object value : values) {
            if (!(value instanceof Long size) || size < 0 || size > Integer.MAX_VALUE) {
                throw new Malformed("a tensor has a size that is no number from 0 to 2147483647");
            }
            sizes.add(size.intValue());
        }
        return sizes;
    }

    private static List<Long> strides(List<?> values) {
        List<Long> strides = new ArrayList<>();
        for (Object value : values) {
            if (!(value instanceof Long stride)) {
                throw new Malformed("a tensor has a stride that is no whole number");
            }
            strides.add(stride);
        }
        return strides;
    }

    private static <T> T argument(List<?> arguments, int index, Class<T> type) {
        if (index >= arguments.size() || !type.isInstance(arguments.get(index))) {
            throw new Malformed("a tensor is built of other arguments than PyTorch writes");
        }
        return type.cast(arguments.get(index));
    }
}
