package unweave.explain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import unweave.audio.spectral.FrontEnd;
import unweave.engine.file.ModelFile;
import unweave.engine.layer.LayerShape;
import unweave.engine.model.Model;
import unweave.engine.model.ModelDescription;
import unweave.explain.data.InputSet;
import unweave.explain.data.Slices;
import unweave.explain.data.SoundLoader;
import unweave.explain.data.Stems;
import unweave.explain.data.UnreadableFile;
import unweave.explain.preset.ModelSettings;
import unweave.explain.progress.Monitor;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.kernels.Spans;
import unweave.kernels.Spelling;
import unweave.lrp.Canonizer;
import unweave.lrp.Composite;
import unweave.lrp.CompositeText;

/**
 * A network with its front end: sounds in. Several threads may share one: sounds are read and transformed side by side,
 * and what runs on the network's backend waits for its turn.
 */
public final class AudioModel implements AutoCloseable {
    private final Model network;
    /** The network before its batch normalisations were merged. */
    private final ModelDescription original;

    private final ModelSettings settings;
    private final FrontEnd frontEnd;
    private final SoundLoader loader;
    private final TimeFrequencyAxes axes;
    /** One computation at a time on the backend, in the order of asking. */
    private final ReentrantLock turn = new ReentrantLock(true);

    /**
     * A network in memory. Closing this object closes it.
     *
     * @throws BadInputException if the network does not read the spectrograms that the settings describe
     */
    public AudioModel(Model network, ModelSettings settings) {
        this(network, settings, network.description());
    }

    private AudioModel(Model network, ModelSettings settings, ModelDescription original) {
        requireInput(network.description().input(), settings.frontEnd());
        this.network = network;
        this.original = original;
        this.settings = settings;
        this.frontEnd = settings.frontEnd();
        this.loader = new SoundLoader(frontEnd);
        this.axes = TimeFrequencyAxes.of(frontEnd);
    }

    /**
     * The network and the front end of a model file. Batch normalisations are merged into the layers beside them where
     * that is exact, since propagation rules are meant for convolutions and dense layers as they then are.
     *
     * @param backend stays the caller's; it has to stay open as long as this object
     * @throws BadInputException in one line, if the file is missing or damaged, holds no model, or one that does not
     *     say how its inputs are made
     */
    public static AudioModel load(Path file, Backend backend) {
        try {
            OtherFile.named(file).ifPresent(line -> {
                throw new BadInputException(line);
            });
            Model stored = ModelFile.load(file, backend);
            ModelDescription original = stored.description();
            Model network = canonical(stored);
            network.freeze();
            try {
                return new AudioModel(network, ModelSettings.of(network.description(), file.toString()), original);
            } catch (RuntimeException e) {
                network.close();
                throw e instanceof BadInputException && !e.getMessage().startsWith(file + ": ")
                        ? new BadInputException(file + ": " + e.getMessage(), e)
                        : e;
            }
        } catch (IOException e) {
            throw UnreadableFile.because(e);
        }
    }

    private static Model canonical(Model model) {
        if (!Canonizer.applies(model.description())) {
            return model;
        }
        try (model) {
            return Canonizer.canonical(model);
        }
    }

    private static void requireInput(LayerShape input, FrontEnd frontEnd) {
        if (input.height() != frontEnd.rows() || input.width() != frontEnd.columns() || input.channels() != 1) {
            throw new BadInputException("the model reads inputs of " + input + ", but its preprocessing makes "
                    + (frontEnd.isWaveform()
                            ? "waveforms of " + frontEnd.columns() + " samples"
                            : "spectrograms of " + frontEnd.rows() + " mels x " + frontEnd.columns() + " frames"));
        }
    }

    /**
     * Checks that a layer can be split into subspaces.
     *
     * @throws BadInputException if the network has no such layer, or it was merged into another; says into which
     */
    public void requireLayer(String layer) {
        Canonizer.merged(original, layer).ifPresent(why -> {
            throw new BadInputException("layer " + why);
        });
        network.description().outputShape(layer);
    }

    /** The network itself, for {@link #inTurn}. */
    public Model network() {
        return network;
    }

    /**
     * Relevance rules from a text.
     *
     * @throws BadInputException if it names no rules
     */
    public static Composite composite(String text) {
        return CompositeText.parse(text);
    }

    /** The relevance rules of the model's preset. */
    public Composite composite() {
        return composite(settings.composite());
    }

    /** What the model file says beside the network. */
    public ModelSettings settings() {
        return settings;
    }

    /** How a sound becomes the network's input. Several threads may use it. */
    public FrontEnd frontEnd() {
        return frontEnd;
    }

    /** Class names in the order of their indices. */
    public List<String> classNames() {
        return network.description().classNames();
    }

    /** What the rows and columns of all maps stand for. */
    public TimeFrequencyAxes axes() {
        return axes;
    }

    /**
     * The index of a class.
     *
     * @throws BadInputException if there is none of this name; the message lists the classes
     */
    public int classIndex(String className) {
        int index = classNames().indexOf(className);
        if (index < 0) {
            throw new BadInputException(className + ": unknown class" + Spelling.hint(className, classNames())
                    + "; the model's classes are " + String.join(", ", classNames()));
        }
        return index;
    }

    /**
     * The part of a sound that the network hears, at its sample rate.
     *
     * @throws BadInputException if it is silent, or begins after the end of the sound
     */
    public Excerpt excerpt(Sound sound) {
        return Excerpt.of(sound, loader, frontEnd);
    }

    /**
     * The part of a sound file that the network hears, at its sample rate. Of the file, which may be of any length,
     * only the part is held in memory.
     *
     * @param start where the part begins, in seconds
     * @param monitor is told what is not quite right in the file
     * @throws BadInputException as {@link Sound#read(Path)}, and if the part is silent, or begins after the end
     */
    public Excerpt excerpt(Path file, double start, Monitor monitor) throws IOException {
        return Excerpt.read(file, start, false, loader, frontEnd, monitor);
    }

    /**
     * As {@link #excerpt(Path, double, Monitor)}; where the part is silent, the one where the sound begins, which the
     * monitor is told.
     */
    public Excerpt audibleExcerpt(Path file, double start, Monitor monitor) throws IOException {
        return Excerpt.read(file, start, true, loader, frontEnd, monitor);
    }

    /**
     * Sounds as network inputs: long ones are cut at {@link Slices#starts}, short ones padded with zeros.
     *
     * @param sounds of each class, by its name
     * @throws BadInputException if a class does not exist or a sound is silent
     */
    public InputSet inputs(Map<String, List<Sound>> sounds, int threads, Monitor monitor) {
        List<float[]> tracks = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        sounds.forEach((className, ofClass) -> {
            int label = classIndex(className);
            for (Sound sound : ofClass) {
                tracks.add(loader.signal(sound.name(), sound.samples(), sound.sampleRate()));
                labels.add(label);
            }
        });
        int[] ofTracks = labels.stream().mapToInt(Integer::intValue).toArray();
        try {
            return Slices.inputs(frontEnd, tracks.toArray(float[][]::new), ofTracks, threads, monitor);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A recording whose parts are known, for {@link Explainer#evaluateStems}.
     *
     * @param name for messages
     * @param parts by name, in the map's order; of any lengths and rates, silent or not
     */
    public Stems stems(String name, Map<String, Sound> parts) {
        Map<String, float[]> signals = new LinkedHashMap<>();
        parts.forEach((part, sound) -> signals.put(part, loader.part(sound.samples(), sound.sampleRate())));
        return Stems.of(name, signals);
    }

    /**
     * A signal with all that lies between it and the network's input.
     *
     * @throws BadInputException if it is silent or holds values that are not numbers
     */
    FrontEnd.Analysis analyse(String name, float[] signal) {
        try (Spans.Span span = network.backend().spans().open("audio", "log-mel")) {
            return frontEnd.analyse(signal);
        } catch (IllegalArgumentException e) { // audio knows of no BadInputException
            throw new BadInputException(name + ": " + e.getMessage(), e);
        }
    }

    /** Runs something on the network's backend when no other thread does; those who wait come in their order. */
    public <T> T inTurn(Supplier<T> work) {
        turn.lock();
        try {
            network.backend().claim();
            return work.get();
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void close() {
        inTurn(() -> {
            network.close();
            return null;
        });
    }
}
