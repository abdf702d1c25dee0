package unweave.explain.output;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import unweave.kernels.BadInputException;

/**
 * What the steps of a long computation gave, so that an interrupted run goes on where it stopped. The settings are kept
 * in {@value #SETTINGS}, the result of each step in {@code steps/NAME.json} together with a hash of the settings it
 * came from; files appear whole or not at all.
 */
public final class StepResults {
    /** The settings of the run, by name. */
    public static final String SETTINGS = "settings.json";

    private static final String FOLDER = "steps/";

    private final OutputFolder out;
    private final Map<String, String> settings;
    private final String hash;
    private boolean begun;

    private StepResults(OutputFolder out, Map<String, String> settings) {
        this.out = out;
        this.settings = settings;
        this.hash = hash(Json.line(settings));
    }

    /** A step's work. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws IOException;
    }

    /** A result with the hash of the settings it came from. */
    private record Stored<T>(String step, String settings, T result) {}

    /** Whether a folder holds the settings of an earlier run. */
    public static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(SETTINGS));
    }

    /**
     * Begins or goes on with a run. Nothing is written before the first step.
     *
     * @param out the folder; to go on it has to be kept as it is ({@link OutputFolder.Existing#KEEP})
     * @param settings everything that decides the results; values that JSON can hold
     * @throws BadInputException if the folder is kept and holds results of other settings; the message names the first
     *     that differs
     */
    public static StepResults open(OutputFolder out, Map<String, ?> settings) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        flatten("", Json.parse(Json.line(settings), JsonElement.class), texts);
        if (out.keeps() && isIn(out.path())) {
            requireSame(out.path(), texts);
        }
        return new StepResults(out, texts);
    }

    /** One entry per plain value, so that a difference can be named: {@code training.epochs}. */
    private static void flatten(String name, JsonElement value, Map<String, String> texts) {
        if (value instanceof JsonObject object) {
            object.entrySet()
                    .forEach(entry ->
                            flatten((name.isEmpty() ? "" : name + ".") + entry.getKey(), entry.getValue(), texts));
        } else {
            texts.put(name, value.isJsonPrimitive() ? value.getAsString() : value.toString());
        }
    }

    private static void requireSame(Path folder, Map<String, String> now) throws IOException {
        Map<?, ?> then = read(folder.resolve(SETTINGS), Map.class);
        for (Map.Entry<String, String> setting : now.entrySet()) {
            if (!setting.getValue().equals(then.get(setting.getKey()))) {
                throw new BadInputException(folder + ": holds results with " + setting.getKey() + " "
                        + then.get(setting.getKey()) + ", not " + setting.getValue()
                        + "; go on with the same settings, choose another folder, or start anew with --overwrite");
            }
        }
    }

    /** Whether a step has its result. */
    public boolean has(String step) throws IOException {
        Path file = file(step);
        boolean current =
                begun || out.keeps(); // else what is there belongs to an earlier run and is about to be replaced
        return current
                && Files.isRegularFile(file)
                && hash.equals(
                        StepResults.<Stored<Object>>read(file, Stored.class).settings());
    }

    /**
     * The result of a step: the one on file or, if there is none, what {@code work} gives now, which is kept.
     *
     * @param step a name that can stand in a file name
     * @param type of the result; arrays and records whose fields JSON can hold
     */
    public <T> T get(String step, Class<T> type, Work<T> work) throws IOException {
        if (has(step)) {
            Type stored = TypeToken.getParameterized(Stored.class, type).getType();
            return StepResults.<Stored<T>>read(file(step), stored).result();
        }
        if (!begun) {
            out.writeJson(SETTINGS, settings);
            begun = true;
        }
        T result = work.run();
        out.writeJson(FOLDER + step + ".json", new Stored<>(step, hash, result));
        return result;
    }

    private Path file(String step) {
        return out.path().resolve(FOLDER + step + ".json");
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // as Json.parse
    private static <T> T read(Path file, Type type) throws IOException {
        try {
            T value = Json.parse(Files.readString(file), type);
            if (value == null) {
                throw new JsonParseException("it is empty");
            }
            return value;
        } catch (JsonParseException e) {
            throw new IOException(file + ": is damaged (" + e.getMessage() + "); delete it to have it made again", e);
        }
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
