package unweave.engine.layer;

import com.google.gson.JsonArray;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** An axis of an image, in the order in memory. A vector has channels only. */
public enum Axis {
    HEIGHT,
    WIDTH,
    CHANNELS;

    /** As written in JSON, such as "channels". */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * An axis from a field; {@code missing} if the field is.
     *
     * @throws unweave.kernels.BadInputException if the field is something else
     */
    static Axis read(JsonFields fields, String key, Axis missing) {
        return fields.element(key) == null ? missing : named(fields, key, fields.text(key));
    }

    /**
     * At least one axis from a list; {@code missing} if the field is.
     *
     * @throws unweave.kernels.BadInputException if the field is something else
     */
    static Set<Axis> readAll(JsonFields fields, String key, Set<Axis> missing) {
        List<String> texts = fields.texts(key);
        if (texts.isEmpty()) {
            return missing;
        }
        Set<Axis> axes = EnumSet.noneOf(Axis.class);
        texts.forEach(text -> axes.add(named(fields, key, text)));
        return axes;
    }

    private static Axis named(JsonFields fields, String key, String text) {
        return Arrays.stream(values())
                .filter(axis -> axis.text().equals(text))
                .findFirst()
                .orElseThrow(() -> fields.wrong("\"" + key + "\" must be "
                        + Arrays.stream(values()).map(Axis::text).collect(Collectors.joining(", ")) + ", not \"" + text
                        + "\""));
    }

    /** As a list in JSON. */
    static JsonArray toJson(Set<Axis> axes) {
        JsonArray list = new JsonArray();
        axes.forEach(axis -> list.add(axis.text()));
        return list;
    }
}
