package unweave.explain.frontend;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import unweave.audio.resample.ResamplingFilter;
import unweave.audio.spectral.BandSettings;
import unweave.audio.spectral.Dct;
import unweave.audio.spectral.Edges;
import unweave.audio.spectral.FramingSettings;
import unweave.audio.spectral.FrontEnd;
import unweave.audio.spectral.Levels;
import unweave.audio.spectral.MelScale;
import unweave.audio.spectral.SignalSettings;
import unweave.audio.spectral.SpectralFrontEnd;
import unweave.audio.spectral.WaveformFrontEnd;
import unweave.audio.spectral.Window;
import unweave.engine.layer.JsonFields;
import unweave.kernels.BadInputException;

/**
 * Front ends to and from JSON. Fields of both kinds, with their defaults in brackets:
 *
 * <pre>
 *   kind            "spectrogram" or "waveform"
 *   sampleRate      in Hz
 *   samples         length of one input, in samples
 *   place           where a shorter sound lies among zeros: "start", "centre", "end" ["start"]
 *   normalisation   what the sound is divided by: "none", "peak", "rms", "standard" ["none"]
 *   factor          multiplies the sound, whose full scale is 1 [1]
 *   resampling      "standard" (images and aliases below -80 dB) or "torchaudio" (its default, short) ["standard"]
 *   mean, deviation (x - mean) / deviation at the end; a number, for a spectrogram also a list of one per row [0, 1]
 * </pre>
 *
 * Of a spectrogram:
 *
 * <pre>
 *   window          "hann", "hamming", "blackman", "povey", "rectangular" ["hann"]
 *   periodic        whether the window is periodic, not symmetric [true]
 *   windowLength    in samples [fftLength]
 *   windowPlace     where a shorter window lies in the transform: "centre" (PyTorch), "start" (TensorFlow, Kaldi)
 *                   ["centre"]
 *   fftLength, hop  in samples
 *   edges           "reflect", "zero", "replicate" with centred frames; "none" without centring ["reflect"]
 *   removeMean      of each frame, before the window [false]
 *   preemphasis     of each frame, before the window [0]
 *   frames          kept, from the first on [all]
 *   missingFrames   value of frames that the samples do not reach, before mean and deviation [there are none]
 *   power           2, or 1 for magnitudes [2]
 *   mels            number of mel bands; 0 for the linear bins from lowHz to highHz [0]
 *   melScale        "htk" or "slaney" ["htk"]
 *   melNorm         "none" (height 1) or "slaney" (equal areas) ["none"]
 *   melSlopes       straight in "hertz" (torchaudio, librosa) or "mel" (TensorFlow, Kaldi, VGGish) ["hertz"]
 *   lowHz, highHz   [0, half the sample rate]
 *   log             "none", "ln", "log10", "db", "log1p"
 *   offset          of the logarithm [1e-10; 0 for "none" and "log1p"]
 *   offsetKind      "max" (the least value) or "add" ["max"]
 *   reference       of decibels: a number, or "max" for the largest value of the input [1]
 *   floor           least value after the logarithm [none]
 *   range           how far below its largest value an input may lie; top_db of decibels [no limit]
 *   standardise     by the input itself: "none", "input", "bins" (each row), "minmax" (to 0 ... 1) ["none"]
 *   dct             of MFCCs: {"coefficients", "orthonormal" [true], "lifter" [0], "mean" [0], "deviation" [1]}
 * </pre>
 */
public final class FrontEndJson {
    private static final String SPECTROGRAM = "spectrogram";
    private static final String WAVEFORM = "waveform";
    private static final String MAX = "max";

    private FrontEndJson() {}

    /**
     * Reads a front end.
     *
     * @throws BadInputException in one line, if a field is missing, unknown or wrong
     */
    public static FrontEnd read(JsonObject json) {
        JsonFields fields = new JsonFields("front end", json);
        String kind = fields.text("kind");
        FrontEnd frontEnd;
        try {
            frontEnd = switch (kind) {
                case SPECTROGRAM -> spectrogram(fields);
                case WAVEFORM ->
                    new WaveformFrontEnd(signal(fields), number(fields, "mean", 0), number(fields, "deviation", 1));
                default ->
                    throw fields.wrong(
                            "unknown kind \"" + kind + "\"; the kinds are " + SPECTROGRAM + " and " + WAVEFORM);
            };
        } catch (IllegalArgumentException e) { // the audio module knows of no BadInputException
            throw e instanceof BadInputException ? e : new BadInputException("front end: " + e.getMessage(), e);
        }
        fields.finish();
        return frontEnd;
    }

    private static SignalSettings signal(JsonFields fields) {
        return new SignalSettings(
                fields.whole("sampleRate", 1),
                fields.whole("samples", 1),
                choice(fields, "place", SignalSettings.Place.START),
                choice(fields, "normalisation", SignalSettings.Normalisation.NONE),
                number(fields, "factor", 1),
                resampling(fields));
    }

    private static ResamplingFilter resampling(JsonFields fields) {
        String name = text(fields, "resampling", ResamplingFilter.STANDARD.toString());
        try {
            return ResamplingFilter.named(name);
        } catch (IllegalArgumentException e) {
            throw fields.wrong(e.getMessage());
        }
    }

    private static FrontEnd spectrogram(JsonFields fields) {
        SignalSettings signal = signal(fields);
        FramingSettings framing = framing(fields);
        BandSettings bands = new BandSettings(
                fields.whole("power", 1, 2),
                fields.whole("mels", 0, 0),
                choice(fields, "melScale", MelScale.HTK),
                choice(fields, "melNorm", "none", "slaney"),
                choice(fields, "melSlopes", "hertz", "mel"),
                number(fields, "lowHz", 0),
                number(fields, "highHz", signal.sampleRate() / 2.0));
        return new SpectralFrontEnd(new SpectralFrontEnd.Settings(
                signal,
                framing,
                bands,
                levels(fields),
                fields.whole("frames", 1, framing.frames(signal.samples())),
                number(fields, "missingFrames", Double.NaN),
                dct(fields, bands.mels())));
    }

    /**
     * The fewest samples that give the frames of a spectrogram.
     *
     * @param columns how many frames, where the front end leaves it open
     */
    static int samples(JsonObject json, int columns) {
        JsonFields fields = new JsonFields("front end", json);
        try {
            return framing(fields).samples(fields.whole("frames", 1, columns));
        } catch (IllegalArgumentException e) {
            throw e instanceof BadInputException ? e : new BadInputException("front end: " + e.getMessage(), e);
        }
    }

    private static FramingSettings framing(JsonFields fields) {
        int fftLength = fields.whole("fftLength", 2);
        return new FramingSettings(
                choice(fields, "window", Window.HANN),
                fields.flag("periodic", true),
                fields.whole("windowLength", 1, fftLength),
                choice(fields, "windowPlace", "centre", "start"),
                fftLength,
                fields.whole("hop", 1),
                choice(fields, "edges", Edges.REFLECT),
                fields.flag("removeMean", false),
                number(fields, "preemphasis", 0));
    }

    private static Levels levels(JsonFields fields) {
        fields.text("log"); // required: a wrong guess would go unnoticed
        Levels.Log log = choice(fields, "log", Levels.Log.NONE);
        boolean plain = log == Levels.Log.NONE || log == Levels.Log.LOG1P;
        return new Levels(
                log,
                number(fields, "offset", plain ? 0 : 1e-10),
                choice(fields, "offsetKind", MAX, "add"),
                fields.is("reference", MAX) ? 0 : positive(fields, "reference", 1),
                number(fields, "floor", Double.NEGATIVE_INFINITY),
                number(fields, "range", Double.POSITIVE_INFINITY),
                numbers(fields, "mean"),
                numbers(fields, "deviation"),
                choice(fields, "standardise", Levels.Standardisation.NONE));
    }

    private static Optional<Dct> dct(JsonFields fields, int mels) {
        if (fields.object("dct").size() == 0) {
            return Optional.empty();
        }
        JsonFields inner = new JsonFields("front end, dct", fields.object("dct"));
        Dct dct = new Dct(
                mels,
                inner.whole("coefficients", 1),
                inner.flag("orthonormal", true),
                number(inner, "lifter", 0),
                numbers(inner, "mean"),
                numbers(inner, "deviation"));
        inner.finish();
        return Optional.of(dct);
    }

    private static double positive(JsonFields fields, String key, double missing) {
        double value = number(fields, key, missing);
        if (!(value > 0)) {
            throw fields.wrong("\"" + key + "\" must be a positive number or \"" + MAX + "\", not " + value);
        }
        return value;
    }

    private static double number(JsonFields fields, String key, double missing) {
        return fields.element(key) == null ? missing : fields.real(key);
    }

    private static double[] numbers(JsonFields fields, String key) {
        JsonElement element = fields.element(key);
        if (element == null) {
            return new double[0];
        }
        if (!element.isJsonArray()) {
            return new double[] {fields.real(key)};
        }
        double[] values = new double[element.getAsJsonArray().size()];
        for (int i = 0; i < values.length; i++) {
            if (!(element.getAsJsonArray().get(i) instanceof JsonPrimitive primitive && primitive.isNumber())) {
                throw fields.wrong("\"" + key + "\" must be a number or a list of numbers");
            }
            values[i] = primitive.getAsDouble();
        }
        return values;
    }

    private static String text(JsonFields fields, String key, String missing) {
        return fields.element(key) == null ? missing : fields.text(key);
    }

    /** Whether the field names the second of two. */
    private static boolean choice(JsonFields fields, String key, String first, String second) {
        String name = text(fields, key, first);
        if (!name.equals(first) && !name.equals(second)) {
            throw fields.wrong("unknown \"" + key + "\" \"" + name + "\": " + first + " or " + second + " is expected");
        }
        return name.equals(second);
    }

    private static <E extends Enum<E>> E choice(JsonFields fields, String key, E missing) {
        String name = text(fields, key, lower(missing));
        E[] all = missing.getDeclaringClass().getEnumConstants();
        return Arrays.stream(all)
                .filter(value -> lower(value).equals(name))
                .findFirst()
                .orElseThrow(() -> fields.wrong("unknown \"" + key + "\" \"" + name + "\": "
                        + Arrays.stream(all).map(FrontEndJson::lower).collect(Collectors.joining(", "))
                        + " are possible"));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Writes a front end with all its fields.
     *
     * @throws IllegalArgumentException if it is neither a spectrogram that data describe nor a waveform
     */
    public static JsonObject write(FrontEnd frontEnd) {
        JsonObject json = new JsonObject();
        if (frontEnd instanceof WaveformFrontEnd waveform) {
            json.addProperty("kind", WAVEFORM);
            write(json, waveform.settings());
            json.addProperty("mean", waveform.mean());
            json.addProperty("deviation", waveform.deviation());
        } else if (frontEnd instanceof SpectralFrontEnd spectral) {
            SpectralFrontEnd.Settings settings = spectral.settings();
            json.addProperty("kind", SPECTROGRAM);
            write(json, settings.signal());
            write(json, settings.framing());
            json.addProperty("frames", settings.frames());
            if (!Double.isNaN(settings.missingFrames())) {
                json.addProperty("missingFrames", settings.missingFrames());
            }
            write(json, settings.bands());
            write(json, settings.levels());
            settings.dct().ifPresent(dct -> json.add("dct", json(dct)));
        } else {
            throw new IllegalArgumentException("no front end that JSON describes: " + frontEnd.getClass());
        }
        return json;
    }

    private static void write(JsonObject json, SignalSettings signal) {
        json.addProperty("sampleRate", signal.sampleRate());
        json.addProperty("samples", signal.samples());
        json.addProperty("place", lower(signal.place()));
        json.addProperty("normalisation", lower(signal.normalisation()));
        json.addProperty("factor", signal.factor());
        json.addProperty("resampling", signal.resampling().toString());
    }

    private static void write(JsonObject json, FramingSettings framing) {
        json.addProperty("window", lower(framing.window()));
        json.addProperty("periodic", framing.periodic());
        json.addProperty("windowLength", framing.windowLength());
        json.addProperty("windowPlace", framing.windowFirst() ? "start" : "centre");
        json.addProperty("fftLength", framing.fftLength());
        json.addProperty("hop", framing.hop());
        json.addProperty("edges", lower(framing.edges()));
        json.addProperty("removeMean", framing.removeMean());
        json.addProperty("preemphasis", framing.preemphasis());
    }

    private static void write(JsonObject json, BandSettings bands) {
        json.addProperty("power", bands.power());
        json.addProperty("mels", bands.mels());
        json.addProperty("melScale", lower(bands.scale()));
        json.addProperty("melNorm", bands.areaNorm() ? "slaney" : "none");
        json.addProperty("melSlopes", bands.straightInMel() ? "mel" : "hertz");
        json.addProperty("lowHz", bands.lowHz());
        json.addProperty("highHz", bands.highHz());
    }

    private static void write(JsonObject json, Levels levels) {
        json.addProperty("log", lower(levels.log()));
        json.addProperty("offset", levels.offset());
        json.addProperty("offsetKind", levels.added() ? "add" : MAX);
        if (levels.reference() == 0) {
            json.addProperty("reference", MAX);
        } else {
            json.addProperty("reference", levels.reference());
        }
        if (!Double.isInfinite(levels.floor())) {
            json.addProperty("floor", levels.floor());
        }
        if (!Double.isInfinite(levels.range())) {
            json.addProperty("range", levels.range());
        }
        add(json, "mean", levels.mean());
        add(json, "deviation", levels.deviation());
        json.addProperty("standardise", lower(levels.standardisation()));
    }

    private static JsonObject json(Dct dct) {
        JsonObject json = new JsonObject();
        json.addProperty("coefficients", dct.coefficients());
        json.addProperty("orthonormal", dct.orthonormal());
        json.addProperty("lifter", dct.lifter());
        add(json, "mean", dct.mean());
        add(json, "deviation", dct.deviation());
        return json;
    }

    private static void add(JsonObject json, String key, double[] values) {
        if (values.length == 1) {
            json.addProperty(key, values[0]);
        } else if (values.length > 1) {
            JsonArray array = new JsonArray();
            Arrays.stream(values).forEach(array::add);
            json.add(key, array);
        }
    }
}
