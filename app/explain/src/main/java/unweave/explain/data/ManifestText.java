package unweave.explain.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import unweave.kernels.BadInputException;

/**
 * The text of a manifest: in a named encoding, or in UTF-8 or UTF-16, which are told apart by a byte order mark or, for
 * UTF-16 without one, by the zero bytes of its ASCII characters.
 */
final class ManifestText {
    /** So many bytes decide on UTF-16. */
    private static final int LOOKED_AT = 400;

    private static final int LARGEST = 1 << 30;

    private ManifestText() {}

    /**
     * Reads a file.
     *
     * @param encoding null to find it out
     * @throws BadInputException if it is not text in that encoding; says where
     */
    static String read(Path file, Charset encoding) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new BadInputException(file + ": not a manifest (" + Files.size(file) + " bytes)");
        }
        byte[] bytes = Files.readAllBytes(file);
        Charset charset = encoding == null ? encodingOf(bytes) : encoding;
        String text = decode(file, bytes, charset, encoding != null);
        String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
        int damaged = plain.indexOf('\uFFFD');
        if (damaged >= 0) {
            throw new BadInputException(file + ": line " + line(plain, damaged)
                    + " holds a character that another program could not read (\uFFFD); write the name anew");
        }
        if (plain.indexOf('\0') >= 0) {
            throw notText(file);
        }
        return plain;
    }

    private static Charset encodingOf(byte[] bytes) {
        int even = 0;
        int odd = 0;
        int looked = Math.min(LOOKED_AT, bytes.length);
        for (int i = 0; i < looked; i++) {
            even += i % 2 == 0 && bytes[i] == 0 ? 1 : 0;
            odd += i % 2 == 1 && bytes[i] == 0 ? 1 : 0;
        }
        boolean wide = bytes.length % 2 == 0 && looked >= 4;
        if (starts(bytes, 0xFE, 0xFF) || (wide && even > looked / 4 && odd == 0)) {
            return StandardCharsets.UTF_16BE;
        }
        if (starts(bytes, 0xFF, 0xFE) || (wide && odd > looked / 4 && even == 0)) {
            return StandardCharsets.UTF_16LE;
        }
        return StandardCharsets.UTF_8;
    }

    private static boolean starts(byte[] bytes, int first, int second) {
        return bytes.length >= 2 && (bytes[0] & 0xFF) == first && (bytes[1] & 0xFF) == second;
    }

    private static String decode(Path file, byte[] bytes, Charset charset, boolean named) {
        CharsetDecoder decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate((int) Math.ceil(bytes.length * (double) decoder.maxCharsPerByte()) + 1);
        CoderResult result = decoder.decode(in, out, true);
        if (!result.isError()) {
            return out.flip().toString();
        }
        String before = out.flip().toString();
        if (before.indexOf('\0') >= 0) {
            throw notText(file);
        }
        throw new BadInputException(String.format(
                Locale.ROOT,
                "%s: line %d is not %s (byte %02X); %s",
                file,
                line(before, before.length()),
                charset.name(),
                in.get(in.position()),
                named
                        ? "name the encoding it is in with --encoding"
                        : "save it as UTF-8, or name its encoding, such as --encoding windows-1252"));
    }

    private static BadInputException notText(Path file) {
        return new BadInputException(file
                + ": not a CSV manifest (it is not text); give a CSV file, or a folder with one sub-folder per class");
    }

    private static long line(String text, int end) {
        return 1 + text.substring(0, end).chars().filter(c -> c == '\n').count();
    }
}
