package unweave.kernels.cuda.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Renames a library that an ELF file (64-bit, little-endian) needs. The dynamic linker finds the name in the string
 * table and, where symbols carry the library's version, compares the hash of the version's name, which here is the
 * library's name as well (System V ABI; LSB, "Symbol Versioning").
 */
final class ElfNames {
    private static final int SECTION_TABLE = 0x28;
    private static final int SECTION_SIZE = 0x3a;
    private static final int SECTION_COUNT = 0x3c;
    private static final int STRING_TABLE = 3;
    private static final int VERSIONS_NEEDED = 0x6ffffffe;
    private static final int MAGIC = 0x464c457f;

    private final ByteBuffer elf;

    private ElfNames(byte[] file) {
        elf = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (file.length < 64 || elf.getInt(0) != MAGIC || elf.get(4) != 2 || elf.get(5) != 1) {
            throw new IllegalArgumentException("not a 64-bit little-endian ELF file");
        }
    }

    /**
     * A copy of {@code file} that needs {@code to} where it needed {@code from}.
     *
     * @throws IllegalArgumentException if the names differ in length, or {@code file} is no such file or does not need
     *     {@code from}
     */
    static byte[] rename(byte[] file, String from, String to) {
        if (from.length() != to.length()) {
            throw new IllegalArgumentException(from + " and " + to + " differ in length");
        }
        byte[] copy = file.clone();
        ElfNames names = new ElfNames(copy);
        int renamed = 0;
        for (int section = 0; section < names.sections(); section++) {
            if (names.type(section) == STRING_TABLE) {
                renamed += names.replace(section, bytes(from), bytes(to));
            }
        }
        if (renamed == 0) {
            throw new IllegalArgumentException("the file does not need " + from);
        }
        for (int section = 0; section < names.sections(); section++) {
            if (names.type(section) == VERSIONS_NEEDED) {
                names.rehash(section, to);
            }
        }
        return copy;
    }

    /** The hash of a symbol or version name (System V ABI, chapter 5). */
    static int hash(String name) {
        int hash = 0;
        for (byte c : bytes(name)) {
            hash = (hash << 4) + (c & 0xff);
            int high = hash & 0xf0000000;
            hash = (hash ^ (high >>> 24)) & ~high;
        }
        return hash;
    }

    private int sections() {
        return elf.getShort(SECTION_COUNT) & 0xffff;
    }

    private int header(int section) {
        return Math.toIntExact(elf.getLong(SECTION_TABLE)) + section * (elf.getShort(SECTION_SIZE) & 0xffff);
    }

    private int type(int section) {
        return elf.getInt(header(section) + 4);
    }

    private int begin(int section) {
        return Math.toIntExact(elf.getLong(header(section) + 0x18));
    }

    private int end(int section) {
        return begin(section) + Math.toIntExact(elf.getLong(header(section) + 0x20));
    }

    private int link(int section) {
        return elf.getInt(header(section) + 0x28);
    }

    /** Replaces {@code from}, followed by the zero that ends it, within a section; how often. */
    private int replace(int section, byte[] from, byte[] to) {
        byte[] file = elf.array();
        int count = 0;
        for (int at = begin(section); at + from.length < end(section); at++) {
            if (file[at + from.length] == 0 && Arrays.equals(file, at, at + from.length, from, 0, from.length)) {
                System.arraycopy(to, 0, file, at, to.length);
                count++;
            }
        }
        return count;
    }

    /**
     * Verneed: version, count of aux (2 bytes each), file, offset of aux, next (4 each); Vernaux: hash (4), flags,
     * other (2 each), name, next.
     */
    private void rehash(int section, String version) {
        int need = begin(section);
        int nextNeed;
        do {
            int entry = need + elf.getInt(need + 8);
            int nextEntry;
            do {
                if (string(link(section), elf.getInt(entry + 8)).equals(version)) {
                    elf.putInt(entry, hash(version));
                }
                nextEntry = elf.getInt(entry + 12);
                entry += nextEntry;
            } while (nextEntry != 0);
            nextNeed = elf.getInt(need + 12);
            need += nextNeed;
        } while (nextNeed != 0);
    }

    private String string(int table, int offset) {
        int from = begin(table) + offset;
        int to = from;
        while (elf.get(to) != 0) {
            to++;
        }
        return new String(elf.array(), from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.ISO_8859_1);
    }
}
