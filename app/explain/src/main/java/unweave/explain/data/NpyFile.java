package unweave.explain.data;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import unweave.engine.file.DataType;
import unweave.engine.file.InputFile;
import unweave.engine.file.ModelFileException;

/**
 * An array that NumPy's {@code numpy.save} wrote: versions 1 to 3, numbers with and without fractions of either byte
 * order, C and Fortran order. See numpy.lib.format; {@link unweave.explain.output.NpyWriter} writes such files.
 *
 * @param shape none for a single value
 * @param values in C order, the last axis running fastest; not copied
 */
public record NpyFile(List<Integer> shape, double[] values) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    /** NumPy itself believes no longer header. */
    private static final int LONGEST_HEADER = 10_000;

    private static final int MOST_DIMENSIONS = 64;
    private static final int CHUNK = 1 << 16;

    /** {'descr': '&lt;f4', 'fortran_order': False, 'shape': (3, 4), }, in any order. */
    private static final Pattern FIELD = Pattern.compile(
            "\\s*['\"](descr|fortran_order|shape)['\"]\\s*:\\s*(?:['\"]([^'\"]*)['\"]|(True|False)|\\(([^()]*)\\))\\s*(,|(?=\\}))");

    private static final Map<String, DataType> TYPES = Map.ofEntries(
            Map.entry("f2", DataType.F16),
            Map.entry("f4", DataType.F32),
            Map.entry("f8", DataType.F64),
            Map.entry("i1", DataType.I8),
            Map.entry("i2", DataType.I16),
            Map.entry("i4", DataType.I32),
            Map.entry("i8", DataType.I64),
            Map.entry("u1", DataType.U8),
            Map.entry("u2", DataType.U16),
            Map.entry("u4", DataType.U32),
            Map.entry("u8", DataType.U64),
            Map.entry("b1", DataType.BOOL));

    /** @throws IllegalArgumentException if the shape does not hold so many values */
    public NpyFile {
        shape = List.copyOf(shape);
        if (shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b) != values.length) {
            throw new IllegalArgumentException("shape " + shape + " does not hold " + values.length + " values");
        }
    }

    /** What a header says. */
    private record Header(DataType type, ByteOrder order, boolean fortran, List<Integer> shape) {}

    /**
     * Reads a file.
     *
     * @throws ModelFileException in one line, if it is missing, damaged, no such file, or holds something else than
     *     numbers
     */
    public static NpyFile read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new ModelFileException(file, "is a folder, not an array of numpy.save");
        }
        InputFile.require(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(file, channel);
        } catch (NoSuchFileException e) {
            throw new ModelFileException(file, "no such file (looked for it at " + file.toAbsolutePath() + ")", e);
        } catch (EOFException e) {
            throw new ModelFileException(file, "ends in the middle of its header", e);
        }
    }

    private static NpyFile read(Path file, FileChannel channel) throws IOException {
        ByteBuffer start = bytes(channel, 8);
        byte[] magic = new byte[MAGIC.length];
        start.get(magic);
        int version = start.get();
        if (!Arrays.equals(magic, MAGIC) || version < 1 || version > 3) {
            throw new ModelFileException(file, "is no array of numpy.save (NPY version 1 to 3)");
        }
        long length = version == 1
                ? bytes(channel, 2).getShort() & 0xffff
                : bytes(channel, 4).getInt() & 0xffffffffL;
        if (length > LONGEST_HEADER) {
            throw new ModelFileException(file, "has a header of " + length + " bytes; save a plain array of numbers");
        }
        String text =
                StandardCharsets.UTF_8.decode(bytes(channel, (int) length)).toString();
        Header header = header(file, text.strip());
        long size = 1;
        for (int axis : header.shape()) {
            size *= axis;
            if (size > Integer.MAX_VALUE / 8) {
                throw new ModelFileException(
                        file, "holds an array of shape " + header.shape() + ", which is too large");
            }
        }
        long there = channel.size() - channel.position();
        long wanted = size * header.type().bytes();
        if (there != wanted) {
            throw new ModelFileException(
                    file,
                    "holds " + there + " bytes of values where an array of shape " + header.shape() + " has " + wanted);
        }
        double[] values = values(channel, header, (int) size);
        return new NpyFile(header.shape(), header.fortran() ? cOrder(values, header.shape()) : values);
    }

    private static Header header(Path file, String text) {
        String descr = null;
        String order = null;
        String shape = null;
        Matcher field = FIELD.matcher(text);
        int position = text.startsWith("{") ? 1 : -1;
        while (position > 0 && field.find(position) && field.start() == position) {
            switch (field.group(1)) {
                case "descr" -> descr = field.group(2);
                case "fortran_order" -> order = field.group(3);
                default -> shape = field.group(4);
            }
            position = field.end();
        }
        if (position < 0 || !text.substring(position).strip().equals("}") || order == null || shape == null) {
            throw new ModelFileException(file, "has a header that is none of a plain array of numbers: " + shown(text));
        }
        return new Header(type(file, descr), byteOrder(descr), order.equals("True"), shape(file, shape));
    }

    private static DataType type(Path file, String descr) {
        DataType type = descr != null && descr.matches("[<>|=][a-z]\\d{1,2}") ? TYPES.get(descr.substring(1)) : null;
        if (type == null) {
            throw new ModelFileException(
                    file,
                    "holds values of type " + (descr == null ? "several fields" : "'" + shown(descr) + "'")
                            + "; save numbers, such as array.astype('float32')");
        }
        return type;
    }

    private static ByteOrder byteOrder(String descr) {
        return descr.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    private static List<Integer> shape(Path file, String text) {
        List<Integer> shape = new ArrayList<>();
        for (String axis : text.split(",", -1)) {
            if (axis.isBlank()) {
                continue; // behind the last comma
            }
            if (!axis.strip().matches("\\d{1,9}L?") || shape.size() == MOST_DIMENSIONS) {
                throw new ModelFileException(file, "has the shape (" + shown(text) + "), which no array here has");
            }
            shape.add(Integer.valueOf(axis.strip().replace("L", "")));
        }
        return shape;
    }

    private static String shown(String text) {
        String visible = text.replaceAll("[^\\x20-\\x7e]", "?");
        return visible.length() > 80 ? visible.substring(0, 80) + "..." : visible;
    }

    private static double[] values(FileChannel channel, Header header, int size) throws IOException {
        double[] values = new double[size];
        int perChunk = CHUNK / header.type().bytes();
        for (int done = 0; done < size; ) {
            int count = Math.min(perChunk, size - done);
            ByteBuffer chunk = bytes(channel, count * header.type().bytes()).order(header.order());
            while (chunk.hasRemaining()) {
                values[done++] = header.type().readDouble(chunk);
            }
        }
        return values;
    }

    private static ByteBuffer bytes(FileChannel channel, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException();
            }
        }
        return buffer.flip();
    }

    /** From the first axis running fastest to the last. */
    private static double[] cOrder(double[] fortran, List<Integer> shape) {
        double[] values = new double[fortran.length];
        int[] index = new int[shape.size()];
        for (int place = 0; place < values.length; place++) {
            int from = 0;
            for (int axis = shape.size() - 1; axis >= 0; axis--) {
                from = from * shape.get(axis) + index[axis];
            }
            values[place] = fortran[from];
            for (int axis = shape.size() - 1; axis >= 0 && ++index[axis] == shape.get(axis); axis--) {
                index[axis] = 0;
            }
        }
        return values;
    }

    /** The values as float32. */
    public float[] floats() {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
