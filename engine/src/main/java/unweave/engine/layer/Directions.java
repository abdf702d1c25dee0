package unweave.engine.layer;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** In which order a recurrent layer goes through the steps of a series. */
public enum Directions {
    FORWARD,
    BACKWARD,
    /** Two layers, whose hidden states lie side by side, those of the forward one first. */
    BOTH;

    /** As written in JSON, such as "both". */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The field "directions"; forward if it is missing. */
    static Directions read(JsonFields fields) {
        String text = fields.element("directions") == null ? FORWARD.text() : fields.text("directions");
        return Arrays.stream(values())
                .filter(one -> one.text().equals(text))
                .findFirst()
                .orElseThrow(() -> fields.wrong("\"directions\" must be "
                        + Arrays.stream(values()).map(Directions::text).collect(Collectors.joining(", ")) + ", not \""
                        + text + "\""));
    }
}
