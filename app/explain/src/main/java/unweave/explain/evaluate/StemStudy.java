package unweave.explain.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import unweave.audio.spectral.FrontEnd;
import unweave.drsa.Method;
import unweave.drsa.Subspaces;
import unweave.drsa.evaluation.Mixture;
import unweave.drsa.evaluation.ObjectInformation;
import unweave.drsa.evaluation.PartEffects;
import unweave.engine.model.Model;
import unweave.explain.data.Stems;
import unweave.explain.progress.Monitor;
import unweave.kernels.BadInputException;
import unweave.kernels.Spelling;
import unweave.lrp.LayerwiseRelevance;
import unweave.lrp.Target;

/**
 * Which concept answers to which part of recordings? ({@link PartEffects}, {@link ObjectInformation}) A recording
 * counts once, with the mean of its excerpts: two excerpts of one recording are too alike to be two pieces of evidence.
 * A part that is not heard in a recording leaves that recording out of its means.
 */
public final class StemStudy {
    /** The words of a recording that are not the explained one. */
    public static final String OTHERS = "another word";

    /** The methods from the one whose concepts are named to the floor. */
    private static final List<Method> ORDER =
            List.of(Method.DRSA, Method.DSA, Method.PRCA, Method.PCA, Method.CHANNELS, Method.RANDOM);

    private final Model model;
    private final FrontEnd frontEnd;
    private final PartEffects effects;
    private final List<Variant> variants;
    private final Choice choice;
    private final int excerpts;
    private final Monitor monitor;
    private final Map<Integer, List<Measured>> measured = new TreeMap<>();

    /**
     * The classes that a recording is explained for.
     *
     * @param classes all of these; if empty, its own class, or else the one that the network decides for
     * @param words whether its parts are words of a keyword network, named as classes: it is then explained for each of
     *     its words, and its parts are the word itself and {@link #OTHERS}
     */
    public record Choice(List<Integer> classes, boolean words) {}

    /**
     * A recording explained for a class.
     *
     * @param ofParts for each variant the effects of each part that was heard, K values
     */
    private record Measured(String name, boolean decided, int excerpts, List<Map<String, double[]>> ofParts) {}

    /**
     * @param variants subspaces; several of one layer, K and method are averaged
     * @param excerpts at most so many of each recording
     */
    public StemStudy(
            Model model,
            LayerwiseRelevance relevance,
            FrontEnd frontEnd,
            List<Variant> variants,
            Choice choice,
            int excerpts,
            Monitor monitor) {
        this.model = model;
        this.frontEnd = frontEnd;
        this.effects = new PartEffects(model, relevance);
        this.variants = variants;
        this.choice = choice;
        this.excerpts = excerpts;
        this.monitor = monitor;
    }

    /** Measures one more recording. @throws BadInputException if its class is none of the model's */
    public void add(Stems stems) {
        List<Stems.Excerpt> chosen = stems.excerpts(frontEnd.samples(), excerpts);
        if (chosen.isEmpty()) {
            monitor.warn(stems.name() + ": left out, none of its parts is heard in it");
            return;
        }
        List<Mixture> mixtures =
                chosen.stream().map(excerpt -> stems.mixture(excerpt, frontEnd)).toList();
        int decision = decision(mixtures);
        List<Integer> classes = classesOf(stems, decision);
        List<Integer> split = classes.stream()
                .filter(c -> variants.stream().anyMatch(variant -> variant.set().contains(c)))
                .toList();
        if (split.isEmpty()) {
            monitor.warn(stems.name() + ": left out, there are no subspaces of "
                    + classes.stream()
                            .map(model.description().classNames()::get)
                            .collect(Collectors.joining(" or ")));
        }
        for (int classIndex : split) {
            measured.computeIfAbsent(classIndex, key -> new ArrayList<>())
                    .add(new Measured(
                            stems.name(),
                            classIndex == decision,
                            chosen.size(),
                            measure(classIndex, names(stems, classIndex), chosen, mixtures)));
        }
    }

    /** What the parts of a recording are called where it is explained for a class. */
    private List<String> names(Stems stems, int classIndex) {
        String className = model.description().classNames().get(classIndex);
        return stems.parts().stream()
                .map(part -> !choice.words() || part.equals(className) ? part : OTHERS)
                .toList();
    }

    private List<Integer> classesOf(Stems stems, int decision) {
        if (choice.words()) {
            return words(stems);
        }
        if (!choice.classes().isEmpty()) {
            return choice.classes();
        }
        if (stems.className() == null) {
            return List.of(decision);
        }
        int index = model.description().classNames().indexOf(stems.className());
        if (index < 0) {
            throw new BadInputException(stems.name() + ": is of the class " + stems.className()
                    + Spelling.hint(stems.className(), model.description().classNames())
                    + ", but the model's classes are "
                    + String.join(", ", model.description().classNames()));
        }
        return List.of(index);
    }

    private List<Integer> words(Stems stems) {
        List<String> classNames = model.description().classNames();
        List<Integer> words = stems.parts().stream()
                .map(classNames::indexOf)
                .filter(c -> c >= 0
                        && (choice.classes().isEmpty() || choice.classes().contains(c)))
                .toList();
        if (stems.parts().stream().noneMatch(classNames::contains)) {
            throw new BadInputException(stems.name() + ": none of its parts " + String.join(", ", stems.parts())
                    + " is named as a word that the model knows: " + String.join(", ", classNames));
        }
        return words;
    }

    /** The class with the largest logit in the mean over the whole excerpts. */
    private int decision(List<Mixture> mixtures) {
        float[] sum = null;
        for (Mixture mixture : mixtures) {
            float[] logits = model.predict(mixture.all(), 1);
            for (int c = 0; sum != null && c < sum.length; c++) {
                sum[c] += logits[c];
            }
            sum = sum == null ? logits : sum;
        }
        return Target.decision(sum, 0, sum.length);
    }

    /** For each variant the mean effects over the excerpts; empty for one without subspaces of the class. */
    private List<Map<String, double[]>> measure(
            int classIndex, List<String> names, List<Stems.Excerpt> chosen, List<Mixture> mixtures) {
        List<Map<String, double[]>> ofVariants = new ArrayList<>();
        variants.forEach(variant -> ofVariants.add(Map.of()));
        for (String layer : Variant.layers(variants, model.description().layerNames())) {
            List<Integer> here = new ArrayList<>();
            List<Subspaces> subspaces = new ArrayList<>();
            for (int v = 0; v < variants.size(); v++) {
                Variant variant = variants.get(v);
                if (variant.layer().equals(layer) && variant.set().contains(classIndex)) {
                    here.add(v);
                    subspaces.add(variant.set().ofClass(classIndex));
                }
            }
            List<double[][][]> ofSounds = subspaces.isEmpty() ? List.of() : effects.of(classIndex, mixtures, subspaces);
            for (int i = 0; i < ofSounds.size(); i++) {
                ofVariants.set(here.get(i), means(names, chosen, ofSounds.get(i)));
            }
        }
        return ofVariants;
    }

    /** @param ofExcerpts excerpts x parts heard in each x K */
    private static Map<String, double[]> means(
            List<String> names, List<Stems.Excerpt> chosen, double[][][] ofExcerpts) {
        Map<String, List<double[]>> rows = new TreeMap<>();
        for (int e = 0; e < ofExcerpts.length; e++) {
            for (int i = 0; i < ofExcerpts[e].length; i++) {
                String name = names.get(chosen.get(e).heard().get(i));
                rows.computeIfAbsent(name, key -> new ArrayList<>()).add(ofExcerpts[e][i]);
            }
        }
        Map<String, double[]> means = new TreeMap<>();
        rows.forEach((name, ofName) -> means.put(name, mean(ofName)));
        return means;
    }

    private static double[] mean(List<double[]> rows) {
        double[] mean = new double[rows.get(0).length];
        for (double[] row : rows) {
            for (int k = 0; k < mean.length; k++) {
                mean[k] += row[k] / rows.size();
            }
        }
        return mean;
    }

    /**
     * What the recordings so far gave, by class, layer and K.
     *
     * @throws BadInputException if none could be measured
     */
    public List<StemResult> results() {
        List<StemResult> results = new ArrayList<>();
        for (int classIndex : measured.keySet()) {
            for (String layer : Variant.layers(variants, model.description().layerNames())) {
                for (int concepts : Variant.concepts(variants, layer)) {
                    List<StemResult.Scores> methods = scores(classIndex, layer, concepts);
                    if (!methods.isEmpty()) {
                        results.add(result(classIndex, layer, concepts, methods));
                    }
                }
            }
        }
        if (results.isEmpty()) {
            throw new BadInputException(
                    "no recording could be measured: in none of them parts are heard and the class has"
                            + " subspaces; choose the classes to explain with --classes");
        }
        return results;
    }

    private StemResult result(int classIndex, String layer, int concepts, List<StemResult.Scores> methods) {
        List<Measured> recordings = measured.get(classIndex);
        return new StemResult(
                layer,
                concepts,
                classIndex,
                model.description().classNames().get(classIndex),
                parts(recordings),
                recordings.stream().map(Measured::name).toList(),
                (int) recordings.stream().filter(Measured::decided).count(),
                recordings.stream().mapToInt(Measured::excerpts).sum(),
                methods);
    }

    private List<StemResult.Scores> scores(int classIndex, String layer, int concepts) {
        List<StemResult.Scores> scores = new ArrayList<>();
        List<Measured> recordings = measured.get(classIndex);
        List<String> parts = parts(recordings);
        for (Method method : ORDER) {
            List<ObjectInformation> searches = new ArrayList<>();
            for (Variant variant : Variant.of(Variant.of(variants, layer, concepts), method)) {
                if (variant.set().contains(classIndex)) {
                    int v = variants.indexOf(variant);
                    searches.add(ObjectInformation.of(recordings.stream()
                            .map(recording -> parts.stream()
                                    .map(recording.ofParts().get(v)::get)
                                    .toArray(double[][]::new))
                            .toArray(double[][][]::new)));
                }
            }
            if (!searches.isEmpty()) {
                scores.add(new StemResult.Scores(FlippingResult.name(method), searches));
            }
        }
        return scores;
    }

    private static List<String> parts(List<Measured> recordings) {
        TreeSet<String> parts = new TreeSet<>();
        recordings.forEach(recording -> recording.ofParts().forEach(one -> parts.addAll(one.keySet())));
        return List.copyOf(parts);
    }
}
