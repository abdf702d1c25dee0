package unweave.explain.frontend;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import unweave.engine.model.JsonText;
import unweave.kernels.BadInputException;
import unweave.kernels.Spelling;

/** The named front ends, and those in files. */
public final class FrontEnds {
    /** The names; app/docs/front-ends.md says where the numbers of each are from. */
    public static final List<String> NAMES = List.of(
            "torchaudio",
            "torchaudio-mfcc",
            "librosa",
            "panns",
            "panns-16k",
            "panns-8k",
            "vggish",
            "yamnet",
            "openwakeword",
            "whisper",
            "ast",
            "speech-8k",
            "kws",
            "mtat-fcn",
            "mtat-musicnn",
            "crepe");

    private FrontEnds() {}

    /**
     * A front end by its name, or from a file.
     *
     * @throws BadInputException in one line, if it is neither, or a field is missing, unknown or wrong
     */
    public static FrontEndSpec of(String nameOrFile) throws IOException {
        if (NAMES.contains(nameOrFile)) {
            return FrontEndSpec.parse(nameOrFile, text(nameOrFile));
        }
        Path file = Path.of(nameOrFile);
        if (!Files.isRegularFile(file)) {
            throw new BadInputException(nameOrFile + ": neither a front end (" + String.join(", ", NAMES)
                    + ") nor a file" + Spelling.hint(nameOrFile, NAMES));
        }
        return FrontEndSpec.parse(nameOrFile, JsonText.read(nameOrFile, file));
    }

    /** The JSON text of a named front end. */
    public static String text(String name) throws IOException {
        if (!NAMES.contains(name)) {
            throw new BadInputException("unknown front end " + name + Spelling.hint(name, NAMES)
                    + "; the front ends are " + String.join(", ", NAMES));
        }
        try (InputStream stream = FrontEnds.class.getResourceAsStream(name + ".json")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
