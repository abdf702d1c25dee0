package unweave.explain.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import unweave.drsa.Method;
import unweave.drsa.SubspaceSet;

/**
 * Subspaces of all evaluated classes, found in one way at one layer.
 *
 * @param seedNumber which of several random starts, from 0; random subspaces are evaluated for several and averaged
 */
public record Variant(String layer, int concepts, Method method, int seedNumber, SubspaceSet set) {
    /** The layers of some variants, in the model's order. */
    public static List<String> layers(List<Variant> variants, List<String> modelLayers) {
        return modelLayers.stream()
                .filter(layer ->
                        variants.stream().anyMatch(variant -> variant.layer().equals(layer)))
                .toList();
    }

    /** The numbers of concepts of some variants at a layer, ascending. */
    public static List<Integer> concepts(List<Variant> variants, String layer) {
        return new ArrayList<>(new TreeSet<>(variants.stream()
                .filter(v -> v.layer().equals(layer))
                .map(Variant::concepts)
                .toList()));
    }

    /** Those of a layer and K. */
    public static List<Variant> of(List<Variant> variants, String layer, int concepts) {
        return variants.stream()
                .filter(variant -> variant.layer().equals(layer) && variant.concepts() == concepts)
                .toList();
    }

    /** Those of a method. */
    public static List<Variant> of(List<Variant> variants, Method method) {
        return variants.stream().filter(variant -> variant.method() == method).toList();
    }
}
