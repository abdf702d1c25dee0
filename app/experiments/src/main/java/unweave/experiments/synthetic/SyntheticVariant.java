package unweave.experiments.synthetic;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import unweave.audio.synthetic.SyntheticParameters;
import unweave.explain.preset.Preset;
import unweave.kernels.BadInputException;
import unweave.kernels.Spelling;

/** A synthetic set and the preset for it, both under one name: {@code toy} or {@code thesis-code}. */
public enum SyntheticVariant {
    /** As the thesis' text describes it. */
    TOY(SyntheticParameters.DEFAULT),
    /** As the thesis' published code makes it. */
    THESIS_CODE(SyntheticParameters.THESIS_CODE);

    @SuppressWarnings("ImmutableEnumChecker") // a record whose only list is unmodifiable
    private final SyntheticParameters parameters;

    SyntheticVariant(SyntheticParameters parameters) {
        this.parameters = parameters;
    }

    /**
     * The variant of a name.
     *
     * @throws BadInputException if there is none
     */
    public static SyntheticVariant of(String name) {
        return Arrays.stream(values())
                .filter(variant -> variant.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> {
                    List<String> known = Arrays.stream(values())
                            .map(SyntheticVariant::toString)
                            .toList();
                    return new BadInputException("unknown synthetic set " + name + Spelling.hint(name, known)
                            + "; the sets are " + String.join(", ", known));
                });
    }

    /** What its sounds are made of. */
    public SyntheticParameters parameters() {
        return parameters;
    }

    /** The built-in preset of the same name. */
    public Preset preset() throws IOException {
        return Preset.of(toString());
    }

    /** The name, as on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
