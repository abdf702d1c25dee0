package unweave.engine.torch;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A machine for pickles of the protocols 2 to 5 (Python's documentation of {@code pickletools} lists the operations):
 * values are pushed on a stack, collected, and remembered by number. Dictionaries become {@link Map}s, lists and tuples
 * {@link List}s, whole numbers {@link Long}s (larger ones {@link BigInteger}s), text {@link String}s; functions are
 * those of {@link Globals}.
 */
final class Unpickler {
    private static final int LONGEST_NUMBER = 255;

    private final InputStream in;
    private final Map<Long, Object> memo = new HashMap<>();
    private final Map<String, Storage> storages = new HashMap<>();
    /** The stacks that wait for the end of a mark. */
    private final Deque<List<Object>> waiting = new ArrayDeque<>();

    private List<Object> stack = new ArrayList<>();

    /** @param in read up to the end of the pickle and no further; better buffered */
    Unpickler(InputStream in) {
        this.in = in;
    }

    /**
     * Reads one pickle.
     *
     * @throws Malformed if it is none, or names what it must not
     */
    Object read() throws IOException {
        memo.clear();
        storages.clear();
        waiting.clear();
        stack = new ArrayList<>();
        try {
            if (in.read() != 0x80 || in.read() > 5) {
                throw new Malformed("a pickle of protocol 2 to 5 should start here");
            }
            for (int operation = next(); operation != '.'; operation = next()) {
                run(operation);
            }
            return pop();
        } catch (EOFException e) {
            throw new Malformed("ends in the middle of its pickle");
        }
    }

    /** The storages that the pickle named, by their keys. */
    Map<String, Storage> storages() {
        return new HashMap<>(storages);
    }

    private void run(int operation) throws IOException {
        switch (operation) {
            case 0x95 -> skip(8); // FRAME
            case '(' -> {
                waiting.push(stack);
                stack = new ArrayList<>();
            }
            case '0' -> pop();
            case '1' -> popMark();
            case '2' -> push(peek());
            case 'N' -> push(null);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'K' -> push((long) next());
            case 'M' -> push(unsigned(2));
            case 'J' -> push((long) (int) unsigned(4));
            case 0x8a -> push(number(next()));
            case 0x8b -> push(number(unsigned(4)));
            case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(unsigned(8))));
            case 'X' -> push(text(unsigned(4)));
            case 0x8c -> push(text(next()));
            case 0x8d -> push(text(unsigned(8)));
            case 'C', 'U' -> unused(next());
            case 'B', 'T' -> unused(unsigned(4));
            case 0x8e, 0x96 -> unused(unsigned(8));
            case 'q' -> memo.put((long) next(), peek());
            case 'r' -> memo.put(unsigned(4), peek());
            case 0x94 -> memo.put((long) memo.size(), peek());
            case 'h' -> push(remembered(next()));
            case 'j' -> push(remembered(unsigned(4)));
            default -> collect(operation);
        }
    }

    /** Operations that make values of values. */
    private void collect(int operation) throws IOException {
        switch (operation) {
            case ']' -> push(new ArrayList<>());
            case ')' -> push(List.of());
            case '}' -> push(new LinkedHashMap<>());
            case 0x8f -> push(Globals.UNUSED); // an empty set
            case 0x85 -> tuple(1);
            case 0x86 -> tuple(2);
            case 0x87 -> tuple(3);
            case 't' -> push(Collections.unmodifiableList(popMark()));
            case 'l' -> push(popMark());
            case 'a' -> append(List.of(orUnused(pop())));
            case 'e', 0x90 -> append(popMark());
            case 0x91 -> {
                popMark();
                push(Globals.UNUSED);
            }
            case 's' -> {
                Object value = pop();
                Object key = pop();
                put(key, value);
            }
            case 'u' -> putAll(popMark());
            case 'd' -> {
                List<Object> pairs = popMark();
                push(new LinkedHashMap<>());
                putAll(pairs);
            }
            default -> call(operation);
        }
    }

    /** Functions and classes. */
    private void call(int operation) throws IOException {
        switch (operation) {
            case 'c' -> push(Globals.of(line(), line()));
            case 0x93 -> {
                String name = pop(String.class);
                push(Globals.of(pop(String.class), name));
            }
            case 'R', 0x81 -> {
                List<?> arguments = pop(List.class);
                push(Globals.call(pop(), arguments));
            }
            case 0x92 -> {
                pop();
                List<?> arguments = pop(List.class);
                push(Globals.call(pop(), arguments));
            }
            case 'b' -> pop(); // attributes of an object; of a dictionary of weights PyTorch's version numbers
            case 'Q' -> {
                Storage storage = Globals.storage(pop());
                storages.put(storage.key(), storage);
                push(storage);
            }
            default -> throw new Malformed(String.format("has the unknown pickle operation 0x%02x", operation));
        }
    }

    private void push(Object value) {
        stack.add(value);
    }

    private Object pop() {
        Object value = peek();
        stack.remove(stack.size() - 1);
        return value;
    }

    private <T> T pop(Class<T> type) {
        Object value = pop();
        if (!type.isInstance(value)) {
            throw new Malformed("its pickle has a value of another kind than the operation needs");
        }
        return type.cast(value);
    }

    private Object peek() {
        if (stack.isEmpty()) {
            throw new Malformed("its pickle takes a value from an empty stack");
        }
        return stack.get(stack.size() - 1);
    }

    private List<Object> popMark() {
        if (waiting.isEmpty()) {
            throw new Malformed("its pickle ends a mark that was not set");
        }
        List<Object> values = stack;
        stack = waiting.pop();
        return values;
    }

    private void tuple(int size) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            values.add(0, pop());
        }
        push(Collections.unmodifiableList(values));
    }

    private static Object orUnused(Object value) {
        return value == null ? Globals.UNUSED : value;
    }

    @SuppressWarnings("unchecked") // only ']' and 'l' make array lists
    private void append(List<Object> values) {
        if (peek() instanceof ArrayList<?> list) {
            ((List<Object>) list).addAll(values);
        } else if (peek() != Globals.UNUSED) {
            throw new Malformed("its pickle appends to something that is no list");
        }
    }

    private void putAll(List<Object> pairs) {
        if (pairs.size() % 2 != 0) {
            throw new Malformed("its pickle sets a key without a value");
        }
        for (int i = 0; i < pairs.size(); i += 2) {
            put(pairs.get(i), pairs.get(i + 1));
        }
    }

    @SuppressWarnings("unchecked") // all maps are from Object to Object
    private void put(Object key, Object value) {
        if (peek() instanceof LinkedHashMap<?, ?> map) {
            ((Map<Object, Object>) map).put(Globals.key(key), value);
        } else if (peek() != Globals.UNUSED) {
            throw new Malformed("its pickle sets an item of something that is no dictionary");
        }
    }

    private Object remembered(long number) {
        if (!memo.containsKey(number)) {
            throw new Malformed("its pickle fetches value " + number + ", which was not remembered");
        }
        return memo.get(number);
    }

    private int next() throws IOException {
        int value = in.read();
        if (value < 0) {
            throw new EOFException();
        }
        return value;
    }

    /** A little-endian number. */
    private long unsigned(int bytes) throws IOException {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (long) next() << (8 * i);
        }
        return value;
    }

    /** A number of any length: a Long where it fits, else a BigInteger; absurdly long ones are of no use. */
    private Object number(long length) throws IOException {
        if (length > LONGEST_NUMBER) {
            skip(length);
            return Globals.UNUSED;
        }
        byte[] bytes = in.readNBytes((int) length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        if (bytes.length == 0) {
            return 0L;
        }
        ByteBuffer reversed = ByteBuffer.allocate(bytes.length).order(ByteOrder.BIG_ENDIAN);
        for (int i = bytes.length - 1; i >= 0; i--) {
            reversed.put(bytes[i]);
        }
        BigInteger number = new BigInteger(reversed.array());
        return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
    }

    private String text(long length) throws IOException {
        if (length < 0 || length > Integer.MAX_VALUE) {
            throw new EOFException();
        }
        byte[] bytes = in.readNBytes((int) length); // takes no more memory than there are bytes
        if (bytes.length < length) {
            throw new EOFException();
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Bytes are of no use. */
    private void unused(long length) throws IOException {
        skip(length);
        push(Globals.UNUSED);
    }

    private void skip(long length) throws IOException {
        if (length < 0) {
            throw new EOFException();
        }
        in.skipNBytes(length);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = next(); c != '\n'; c = next()) {
            line.append((char) c);
        }
        return line.toString();
    }
}
