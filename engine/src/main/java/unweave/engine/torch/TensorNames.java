package unweave.engine.torch;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.engine.file.JsonText;
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
        JsonObject json = JsonText.object(source, JsonText.read(source, file), "{\"conv1\": \"features.0\"}");
        JsonFields fields = new JsonFields(source, json);
        Map<String, String> names = new LinkedHashMap<>();
        for (String key : json.keySet()) {
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
