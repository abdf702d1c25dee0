package unweave.explain.preset;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import unweave.kernels.BadInputException;
import unweave.kernels.Spelling;

/**
 * How much the sounds of each class count in the loss of a training. Where classes have different numbers of sounds,
 * equal weights let a network do well by ignoring the small ones.
 *
 * @param balanced whether a class with n_c of N training inputs has the weight N / (C n_c), so that all C classes count
 *     alike
 * @param byName otherwise the weights of the classes that are named; the others have 1
 */
public record ClassWeights(boolean balanced, Map<String, Double> byName) {
    /** All sounds count alike. */
    public static final ClassWeights NONE = new ClassWeights(false, Map.of());
    /** All classes count alike. */
    public static final ClassWeights BALANCED = new ClassWeights(true, Map.of());

    private static final String EXPECTED =
            "expected balanced, none, name=weight,name=weight,... or a file with such a pair on each line";

    /** @throws BadInputException if a weight is not above 0 */
    public ClassWeights {
        byName = new LinkedHashMap<>(byName);
        byName.forEach((name, weight) -> {
            if (!(weight > 0) || weight > Float.MAX_VALUE) {
                throw new BadInputException("class weights: the weight of " + name + " must be above 0, not " + weight);
            }
        });
    }

    /**
     * Reads an option.
     *
     * @param text "none", "balanced", "cat=1,dog=2.5", or a text file with a pair on each line
     */
    public static ClassWeights parse(String text) throws IOException {
        return switch (text) {
            case "none" -> NONE;
            case "balanced" -> BALANCED;
            default -> isFile(text) ? ofPairs(text, lines(Path.of(text))) : ofPairs(text, List.of(text.split(",", -1)));
        };
    }

    private static boolean isFile(String text) {
        try {
            return Files.isRegularFile(Path.of(text));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (CharacterCodingException e) {
            throw new BadInputException(file + ": class weights must be text, one name=weight on each line", e);
        }
    }

    private static ClassWeights ofPairs(String source, List<String> pairs) {
        Map<String, Double> weights = new LinkedHashMap<>();
        for (String pair : pairs) {
            int equals = pair.lastIndexOf('=');
            if (equals < 1) {
                throw new BadInputException(
                        "class weights " + source + ": '" + pair.strip() + "' has no weight; " + EXPECTED);
            }
            String name = pair.substring(0, equals).strip();
            if (weights.put(
                            name,
                            weight(source, pair, pair.substring(equals + 1).strip()))
                    != null) {
                throw new BadInputException("class weights " + source + ": " + name + " has two weights");
            }
        }
        try {
            return new ClassWeights(false, weights);
        } catch (BadInputException e) {
            throw new BadInputException(
                    "class weights " + source + e.getMessage().substring("class weights".length()), e);
        }
    }

    private static double weight(String source, String pair, String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new BadInputException(
                    "class weights " + source + ": '" + pair.strip() + "' has no number behind the =; " + EXPECTED, e);
        }
    }

    /** From a preset: "none", "balanced", or an object of weights by class; null counts as none. */
    static ClassWeights of(JsonElement json) {
        if (json == null || json.isJsonNull()) {
            return NONE;
        }
        if (json instanceof JsonObject object) {
            Map<String, Double> weights = new LinkedHashMap<>();
            object.entrySet().forEach(entry -> weights.put(entry.getKey(), number(entry.getKey(), entry.getValue())));
            return new ClassWeights(false, weights);
        }
        String text = json.isJsonPrimitive() ? json.getAsString() : "";
        if (text.equals("none") || text.equals("balanced")) {
            return text.equals("none") ? NONE : BALANCED;
        }
        throw new BadInputException(
                "training: \"classWeights\" must be \"none\", \"balanced\" or {\"name\": weight, ...}, not " + json);
    }

    private static double number(String name, JsonElement value) {
        if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber()) {
            return value.getAsDouble();
        }
        throw new BadInputException("training: the class weight of " + name + " must be a number, not " + value);
    }

    /**
     * Checks that all classes named are there.
     *
     * @throws BadInputException if one is not
     */
    public void requireClasses(List<String> classNames) {
        for (String name : byName.keySet()) {
            if (!classNames.contains(name)) {
                throw new BadInputException("class weights: there is no class " + name + Spelling.hint(name, classNames)
                        + "; the classes are " + String.join(", ", classNames));
            }
        }
    }

    /**
     * The weight of every class; empty if all sounds count alike.
     *
     * @param counts training inputs of each class; not modified
     * @throws BadInputException if a class is named that does not exist, or has nothing to be balanced
     */
    public List<Float> of(List<String> classNames, int[] counts) {
        requireClasses(classNames);
        if (!balanced) {
            return byName.isEmpty()
                    ? List.of()
                    : classNames.stream()
                            .map(name -> byName.getOrDefault(name, 1.).floatValue())
                            .toList();
        }
        int classesWithout =
                (int) Arrays.stream(counts).filter(count -> count == 0).count();
        if (classesWithout > 0) {
            throw new BadInputException("class weights: " + classesWithout + " of " + counts.length
                    + " classes have no training sounds, so they cannot be balanced");
        }
        double all = Arrays.stream(counts).sum();
        return Arrays.stream(counts)
                .mapToObj(count -> (float) (all / (counts.length * (double) count)))
                .toList();
    }

    /** As the command line has it. */
    @Override
    public String toString() {
        if (balanced) {
            return "balanced";
        }
        return byName.isEmpty()
                ? "none"
                : byName.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(","));
    }
}
