package unweave.engine.file;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import unweave.kernels.BadInputException;

/**
 * Reads JSON that people write: presets, front ends, networks, names. Complaints are one line that names the source.
 */
public final class JsonText {
    /** In bytes; what people write is far smaller. */
    private static final long LONGEST = 16 << 20;

    private JsonText() {}

    /**
     * The text of a file, with or without a byte order mark.
     *
     * @param source what messages begin with
     * @throws BadInputException if it is missing, no regular file, longer than any such text, or not UTF-8
     */
    public static String read(String source, Path file) throws IOException {
        try {
            if (Files.isDirectory(file)) {
                throw new BadInputException(source + ": is a folder, not a JSON file");
            }
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new BadInputException(source + ": is a pipe or device, not a JSON file");
            }
            if (Files.size(file) > LONGEST) {
                throw new BadInputException(source + ": is no JSON text, it has " + Files.size(file) + " bytes");
            }
            String text = Files.readString(file, StandardCharsets.UTF_8);
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (NoSuchFileException e) {
            throw new BadInputException(source + ": no such file (looked for it at " + file.toAbsolutePath() + ")", e);
        } catch (CharacterCodingException e) {
            throw new BadInputException(source + ": is not UTF-8 text; save it as UTF-8", e);
        }
    }

    /**
     * The object that a text is.
     *
     * @param source what messages begin with
     * @param example such as {"conv1": "features.0"}
     * @throws BadInputException if it is no JSON, or no object
     */
    public static JsonObject object(String source, String text, String example) {
        JsonElement json;
        try {
            json = JsonParser.parseString(text);
        } catch (JsonParseException | StackOverflowError e) { // Gson wraps what it found, and descends into arrays
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String reason = e instanceof StackOverflowError
                    ? "nested too deeply"
                    : String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
            throw new BadInputException(source + ": not JSON (" + reason + ")", e);
        }
        if (!json.isJsonObject()) {
            throw new BadInputException(source + ": must be a JSON object such as " + example);
        }
        return json.getAsJsonObject();
    }
}
