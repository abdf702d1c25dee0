package unweave.engine.onnx.convert;

import java.util.ArrayList;
import java.util.List;
import unweave.engine.layer.LayerShape;

/** Puts axes that are to grow into places of their own, and makes the layer that pads them. */
final class Padding {
    private Padding() {}

    /** The view with each of these axes alone in a place. */
    static View ready(Site site, View view, List<Integer> grown) {
        View image = site.sketch().image(view);
        List<List<View.Part>> parts = image.parts().orElse(null);
        if (parts != null && alone(parts, image.layer().lengths(), grown)) {
            return image;
        }
        if (grown.size() > 3) {
            throw site.refusal("pads " + grown.size() + " axes at once; at most 3 can be computed");
        }
        if (grown.size() == 1) {
            return site.sketch().between(image, grown.get(0));
        }
        List<Integer> others = new ArrayList<>(image.longAxes());
        others.removeAll(grown);
        if (grown.size() == 3 && !others.isEmpty()) {
            throw site.refusal("pads 3 axes beside another one");
        }
        return site.sketch()
                .arranged(
                        image,
                        grown.size() == 3
                                ? List.of(List.of(grown.get(0)), List.of(grown.get(1)), List.of(grown.get(2)))
                                : List.of(List.of(grown.get(0)), List.of(grown.get(1)), others));
    }

    private static boolean alone(List<List<View.Part>> parts, int[] lengths, List<Integer> grown) {
        for (int axis : grown) {
            List<View.Part> of = parts.get(axis);
            if (of.isEmpty()
                    ? unitPlace(parts, lengths, grown, axis) < 0
                    : of.size() > 1 || of.get(0).size() != lengths[of.get(0).place()]) {
                return false;
            }
        }
        return true;
    }

    /** A place of length 1 for an axis of length 1; each such axis among those that grow gets its own. */
    static int unitPlace(List<List<View.Part>> parts, int[] lengths, List<Integer> grown, int axis) {
        List<Integer> free = new ArrayList<>();
        for (int place : new int[] {Draft.WIDTH, Draft.HEIGHT, Draft.CHANNELS}) {
            if (lengths[place] == 1) {
                free.add(place);
            }
        }
        int number = (int) grown.stream()
                .filter(other -> other < axis && parts.get(other).isEmpty())
                .count();
        return number < free.size() ? free.get(number) : -1;
    }

    static Draft draft(Draft source, List<List<View.Part>> parts, List<Integer> grown, int[] before, int[] after) {
        int[] lengths = source.lengths();
        int[][] pads = new int[3][];
        for (int axis : grown) {
            int place = parts.get(axis).isEmpty()
                    ? unitPlace(parts, source.lengths(), grown, axis)
                    : parts.get(axis).get(0).place();
            pads[place] = new int[] {Math.max(0, before[axis]), Math.max(0, after[axis])};
            lengths[place] += pads[place][0] + pads[place][1];
        }
        Draft draft = new Draft("pad", LayerShape.image(lengths[0], lengths[1], lengths[2]), source);
        for (int place = 0; place < 3; place++) {
            if (pads[place] != null) {
                draft.set(Draft.PLACES.get(place), pads[place]);
            }
        }
        return draft;
    }
}
