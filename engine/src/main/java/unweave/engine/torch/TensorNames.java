package unweave.engine.torch;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.engine.file.InputFile;
import unweave.engine.file.ModelFileException;
import unweave.engine.layer.JsonFields;
import unweave.kernels.BadInputException;

/**
 * Which layer of a network is which module of a state dict, where neither names nor shapes tell.
 *
 * @param source the file that says so, for messages
 * @param names by layer ("conv1") the module ("features.0"), or by parameter ("pos.value") the tensor ("pos_embed")
 * @param leftOut modules that the network does without, each with all that lies below it
 */
public record TensorNames(String source, Map<String, String> names, List<String> leftOut) {
    /** The key of a names file under which the modules stand that the network does without. */
    public static final String LEAVE_OUT = "leave out";

    public TensorNames {
        names = Map.copyOf(names);
        leftOut = List.copyOf(leftOut);
    }

    /** Nothing is named. */
    public static TensorNames none() {
        return new TensorNames("names", Map.of(), List.of());
    }

    /**
     * Reads a file such as {"conv1": "features.0", "pos.value": "pos_embed", "leave out": ["decoder"]}.
     *
     * @throws BadInputException in one line that begins with the file's name
     */
    public static TensorNames read(Path file) throws IOException {
        String source = String.valueOf(file.getFileName());
        InputFile.require(file);
        JsonElement json;
        try {
            json = JsonParser.parseString(Files.readString(file, StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            throw new ModelFileException(file, "no such file (looked for it at " + file.toAbsolutePath() + ")", e);
        } catch (CharacterCodingException e) {
            throw new ModelFileException(file, "is not UTF-8 text", e);
        } catch (JsonParseException | StackOverflowError e) {
            throw new ModelFileException(file, "is not JSON such as {\"conv1\": \"features.0\"}", e);
        }
        if (!json.isJsonObject()) {
            throw new ModelFileException(
                    file, "must be an object {LAYER: MODULE}, such as {\"conv1\": \"features.0\"}");
        }
        JsonFields fields = new JsonFields(source, json.getAsJsonObject());
        Map<String, String> names = new LinkedHashMap<>();
        for (String key : json.getAsJsonObject().keySet()) {
            if (!key.equals(LEAVE_OUT)) {
                names.put(key, fields.text(key));
            }
        }
        return new TensorNames(source, names, fields.texts(LEAVE_OUT));
    }

    /** Whether a tensor lies in a module that is left out. */
    boolean leavesOut(String tensor) {
        return leftOut.stream().anyMatch(module -> tensor.equals(module) || tensor.startsWith(module + "."));
    }
}
