package unweave.drsa.evaluation;

/**
 * Which concept's map lies where an object sounds: object information of maps. An object dominates the time-frequency
 * bins in which its mel magnitude is above that of every other object and of the background, and
 *
 * <pre>
 * D[o,k] = sum over the bins that o dominates of max(0, map_k),   P(o,k) = D[o,k] / sum of all.
 * </pre>
 *
 * {@link ObjectInformation} makes the same figures of this table as of the effects. It needs no sounds with and without
 * an object, but it asks less of a concept: maps of a network with wide receptive fields spread over bins of several
 * objects, whatever the concepts stand for. How loud a whole sound is does not change which object dominates a bin.
 */
public final class MapInformation {
    private MapInformation() {}

    /**
     * The information of the concept maps of one class.
     *
     * @param concepts sounds x K x bins, relevance; not modified
     * @param objects sounds x objects x bins, mel magnitudes of each object alone; not modified
     * @param backgrounds sounds x bins, mel magnitudes of all that is no object; not modified
     * @throws IllegalArgumentException if there is no sound, or the sizes differ
     */
    public static ObjectInformation of(float[][][] concepts, float[][][] objects, float[][] backgrounds) {
        if (concepts.length != objects.length || concepts.length != backgrounds.length) {
            throw new IllegalArgumentException("there are concept maps of " + concepts.length + " sounds, objects of "
                    + objects.length + " and backgrounds of " + backgrounds.length);
        }
        double[][][] tables = new double[concepts.length][][];
        for (int s = 0; s < tables.length; s++) {
            requireBins(s, backgrounds[s].length, concepts[s]);
            requireBins(s, backgrounds[s].length, objects[s]);
            tables[s] = table(concepts[s], objects[s], backgrounds[s]);
        }
        return ObjectInformation.of(tables);
    }

    private static double[][] table(float[][] concepts, float[][] objects, float[] background) {
        double[][] table = new double[objects.length][concepts.length];
        for (int bin = 0; bin < background.length; bin++) {
            int object = dominating(objects, background, bin);
            for (int k = 0; k < concepts.length && object >= 0; k++) {
                table[object][k] += Math.max(0, concepts[k][bin]);
            }
        }
        return table;
    }

    /** The object that is louder in a bin than everything else; -1 if none is. */
    static int dominating(float[][] objects, float[] background, int bin) {
        int loudest = -1;
        float magnitude = background[bin];
        for (int o = 0; o < objects.length; o++) {
            if (objects[o][bin] > magnitude) {
                loudest = o;
                magnitude = objects[o][bin];
            } else if (objects[o][bin] == magnitude) {
                loudest = -1;
            }
        }
        return loudest;
    }

    private static void requireBins(int sound, int bins, float[][] maps) {
        for (float[] map : maps) {
            if (map.length != bins) {
                throw new IllegalArgumentException(
                        "sound " + sound + " has a map of " + map.length + " bins, its background " + bins);
            }
        }
    }
}
