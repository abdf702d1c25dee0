package unweave.drsa;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import unweave.kernels.BadInputException;

/** The subspaces of several classes of one model at one layer: what one {@link SubspaceFile} holds. */
public final class SubspaceSet {
    private final TreeMap<Integer, Subspaces> byClass = new TreeMap<>();

    /**
     * Puts the subspaces of some classes together.
     *
     * @throws BadInputException if there are none, two are of the same class, or they belong to different models or
     *     layers
     */
    public SubspaceSet(Collection<Subspaces> perClass) {
        if (perClass.isEmpty()) {
            throw new BadInputException("a set of subspaces needs at least one class");
        }
        Subspaces first = perClass.iterator().next();
        for (Subspaces subspaces : perClass) {
            Provenance provenance = subspaces.provenance();
            boolean together =
                    provenance.modelFingerprint().equals(first.provenance().modelFingerprint())
                            && provenance.layer().equals(first.provenance().layer())
                            && subspaces.dimensions() == first.dimensions();
            if (!together) {
                throw new BadInputException(
                        "the subspaces of class " + provenance.className() + " (model " + provenance.modelFingerprint()
                                + ", layer " + provenance.layer() + ") and of class "
                                + first.provenance().className() + " (model "
                                + first.provenance().modelFingerprint() + ", layer "
                                + first.provenance().layer() + ") must be of the same model and layer");
            }
            if (byClass.put(provenance.classIndex(), subspaces) != null) {
                throw new BadInputException(
                        "two sets of subspaces are of class " + provenance.className() + "; there may be one");
            }
        }
    }

    /** The fingerprint of the model that all subspaces belong to. */
    public String modelFingerprint() {
        return any().provenance().modelFingerprint();
    }

    /** The layer of all subspaces. */
    public String layer() {
        return any().provenance().layer();
    }

    /** D, the number of channels of that layer. */
    public int dimensions() {
        return any().dimensions();
    }

    /** One per class, by class index. */
    public List<Subspaces> all() {
        return List.copyOf(byClass.values());
    }

    /** Whether there are subspaces of this class. */
    public boolean contains(int classIndex) {
        return byClass.containsKey(classIndex);
    }

    /**
     * The subspaces of one class.
     *
     * @throws BadInputException if there are none; the message lists the classes
     */
    public Subspaces ofClass(int classIndex) {
        Subspaces subspaces = byClass.get(classIndex);
        if (subspaces == null) {
            String classes = byClass.entrySet().stream().map(SubspaceSet::name).collect(Collectors.joining(", "));
            throw new BadInputException(
                    "there are no subspaces of class " + classIndex + "; there are those of " + classes);
        }
        return subspaces;
    }

    private static String name(Map.Entry<Integer, Subspaces> entry) {
        return entry.getKey() + " (" + entry.getValue().provenance().className() + ")";
    }

    private Subspaces any() {
        return byClass.firstEntry().getValue();
    }
}
