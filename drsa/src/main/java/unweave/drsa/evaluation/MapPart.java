package unweave.drsa.evaluation;

/** Which part of a relevance map counts when it is read as a mask. */
public enum MapPart {
    /** max(0, R): evidence for the class. Negative relevance is evidence against it. */
    POSITIVE {
        @Override
        float of(float relevance) {
            return relevance > 0 ? relevance : 0f;
        }
    },
    /** |R|, as the L-MAC work takes saliency maps, which have no meaningful sign. */
    MAGNITUDE {
        @Override
        float of(float relevance) {
            return Math.abs(relevance);
        }
    };

    abstract float of(float relevance);

    /**
     * The map as a mask: this part of it divided by its maximum, so that it lies in [0, 1] (Paissan et al. 2024
     * normalise saliency maps in this way).
     *
     * @param map relevances; not modified
     * @return as many values; all 0 if the map has no such part
     */
    public float[] mask(float[] map) {
        float[] mask = new float[map.length];
        float largest = 0;
        for (int i = 0; i < map.length; i++) {
            mask[i] = of(map[i]);
            largest = Math.max(largest, mask[i]);
        }
        for (int i = 0; i < mask.length && largest > 0; i++) {
            mask[i] /= largest;
        }
        return mask;
    }

    /**
     * The union of the masks of several maps: the largest value in every bin, as in patch flipping.
     *
     * @param maps K maps of the same size; not modified
     */
    public float[] united(float[]... maps) {
        float[] united = new float[maps[0].length];
        for (float[] map : maps) {
            float[] mask = mask(map);
            for (int i = 0; i < united.length; i++) {
                united[i] = Math.max(united[i], mask[i]);
            }
        }
        return united;
    }
}
