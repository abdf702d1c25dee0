package unweave.explain.frontend;

import com.google.gson.JsonObject;
import unweave.audio.spectral.Dct;
import unweave.audio.spectral.FrontEnd;
import unweave.engine.file.JsonText;
import unweave.engine.layer.LayerShape;
import unweave.kernels.BadInputException;

/**
 * A front end that may leave open what the network decides: where {@code samples} or {@code frames} are missing, they
 * follow from the width of the network's input.
 */
public final class FrontEndSpec {
    /** Frames to check a description with that leaves them open. */
    private static final int SOME_FRAMES = 64;

    private final String source;
    private final JsonObject json;

    private FrontEndSpec(String source, JsonObject json) {
        this.source = source;
        this.json = json;
    }

    /**
     * Reads a description.
     *
     * @param source the name or file, for messages
     * @throws BadInputException in one line, if it is no JSON, or a field is missing, unknown or wrong
     */
    static FrontEndSpec parse(String source, String text) {
        FrontEndSpec spec = new FrontEndSpec(source, JsonText.object(source, text, "{\"kind\": \"waveform\", ...}"));
        spec.some(); // a wrong field is wrong now, not after the network has been read
        return spec;
    }

    /** The description as it was read. */
    public JsonObject json() {
        return json.deepCopy();
    }

    private FrontEnd some() {
        return complete(SOME_FRAMES);
    }

    /** The front end with so many columns where it leaves them open. */
    private FrontEnd complete(int columns) {
        try {
            if (json.has("samples")) {
                return FrontEndJson.read(json);
            }
            JsonObject complete = json.deepCopy();
            boolean frames = json.has("hop");
            complete.addProperty("samples", frames ? FrontEndJson.samples(json, columns) : columns);
            if (frames && !json.has("frames")) {
                complete.addProperty("frames", columns);
            }
            return FrontEndJson.read(complete);
        } catch (BadInputException e) {
            throw new BadInputException(source + ": " + e.getMessage(), e);
        }
    }

    /**
     * The front end for a network.
     *
     * @param network the shape of its input; with a DCT its height is the number of coefficients, though the front end
     *     itself makes mel bands
     * @throws BadInputException in one line, if the front end makes inputs of another size
     */
    public FrontEnd fit(LayerShape network) {
        if (network.flat()) {
            throw new BadInputException(source + ": the network reads " + network + ", not an image");
        }
        FrontEnd frontEnd = complete(network.width());
        if (!fits(frontEnd, network.height(), network.width(), network.channels())) {
            throw new BadInputException(source + ": makes inputs of "
                    + LayerShape.image(frontEnd.rows(), frontEnd.columns(), 1)
                    + frontEnd.dct().map(FrontEndSpec::coefficients).orElse("") + ", but the network reads "
                    + network);
        }
        return frontEnd;
    }

    private static String coefficients(Dct dct) {
        return " (" + dct.coefficients() + " coefficients)";
    }

    /** Whether a network reads time before frequency: it would fit with height and width exchanged. */
    public boolean transposed(LayerShape network) {
        if (network.flat() || fits(complete(network.width()), network.height(), network.width(), network.channels())) {
            return false;
        }
        return fits(complete(network.height()), network.width(), network.height(), network.channels());
    }

    private static boolean fits(FrontEnd frontEnd, int rows, int columns, int channels) {
        int height = frontEnd.dct().map(Dct::coefficients).orElse(frontEnd.rows());
        return height == rows && frontEnd.columns() == columns && channels == 1;
    }
}
