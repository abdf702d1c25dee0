package unweave.explain.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import unweave.drsa.Method;
import unweave.drsa.SubspaceFile;
import unweave.drsa.SubspaceSet;
import unweave.drsa.Subspaces;
import unweave.engine.file.SafeTensors;
import unweave.engine.model.Model;
import unweave.kernels.BadInputException;

/** Reads files of subspaces, and puts those of one layer, K and method together. */
public final class SubspaceCollection {
    private static final String ENDING = ".safetensors";
    private static final String FORMAT_FAMILY = "unweave-subspaces/";

    private record Kind(String layer, int concepts, Method method) {}

    private SubspaceCollection() {}

    /**
     * The subspaces in a file or, sub-folders included, in a folder, whose other files are passed over. Where a class
     * has several of one kind, from different searches, they become several variants in the order of the files' names.
     *
     * @throws IOException if a file is damaged, or belongs to another model
     * @throws BadInputException if there are none, or a class has more of a kind than another
     */
    public static List<Variant> read(Path path, Model model) throws IOException {
        List<Subspaces> all = new ArrayList<>();
        for (Path file : files(path)) {
            all.addAll(SubspaceFile.load(file, model).all());
        }
        if (all.isEmpty()) {
            throw new BadInputException(
                    path + ": holds no subspaces; name a file that 'unweave subspaces' wrote, or a folder with such"
                            + " files");
        }
        try {
            return variants(all);
        } catch (BadInputException e) {
            throw new BadInputException(path + ": " + e.getMessage(), e);
        }
    }

    /**
     * Those of one layer, K and method together.
     *
     * @throws BadInputException if a class has more of a kind than another
     */
    public static List<Variant> variants(List<Subspaces> all) {
        Map<Kind, TreeMap<Integer, List<Subspaces>>> kinds = new LinkedHashMap<>();
        for (Subspaces one : all) {
            Kind kind = new Kind(one.provenance().layer(), one.count(), one.method());
            kinds.computeIfAbsent(kind, key -> new TreeMap<>())
                    .computeIfAbsent(one.provenance().classIndex(), key -> new ArrayList<>())
                    .add(one);
        }
        List<Variant> variants = new ArrayList<>();
        kinds.forEach((kind, classes) -> variants.addAll(variants(kind, classes)));
        return variants;
    }

    private static List<Path> files(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        List<Path> files = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(path)) {
            for (Path file :
                    walk.filter(one -> one.toString().endsWith(ENDING)).sorted().toList()) {
                if (isSubspaces(file)) {
                    files.add(file);
                }
            }
        }
        return files;
    }

    private static boolean isSubspaces(Path file) throws IOException {
        try (SafeTensors tensors = SafeTensors.open(file)) {
            return tensors.metadata().getOrDefault("format", "").startsWith(FORMAT_FAMILY);
        }
    }

    private static List<Variant> variants(Kind kind, Map<Integer, List<Subspaces>> classes) {
        int count = classes.values().iterator().next().size();
        classes.values().forEach(searches -> {
            if (searches.size() != count) {
                throw new BadInputException("at " + kind.layer + " with K = " + kind.concepts + " class "
                        + searches.get(0).provenance().className() + " has " + searches.size() + " sets of "
                        + FlippingResult.name(kind.method)
                        + " subspaces, another class " + count + "; give as many of each");
            }
        });
        List<Variant> variants = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            SubspaceSet set = new SubspaceSet(classes.values().stream()
                    .map(searches -> searches.get(number))
                    .toList());
            variants.add(new Variant(kind.layer, kind.concepts, kind.method, number, set));
        }
        return variants;
    }

    /** The classes that every variant has subspaces of. @throws BadInputException if there is none */
    public static List<Integer> commonClasses(List<Variant> variants, int classes) {
        List<Integer> common = new ArrayList<>();
        for (int c = 0; c < classes; c++) {
            int classIndex = c;
            if (variants.stream().allMatch(variant -> variant.set().contains(classIndex))) {
                common.add(c);
            }
        }
        if (common.isEmpty()) {
            throw new BadInputException(
                    "the files of subspaces have no class in common, so there is nothing to compare");
        }
        return common;
    }
}
