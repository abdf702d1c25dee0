package unweave.engine.onnx.convert;

import java.util.ArrayList;
import java.util.List;
import unweave.engine.layer.LayerShape;

/** Some positions of an axis that is a part of height, width or channels. */
final class Selection {
    private Selection() {}

    /** Which positions of a place are taken, in their new order. */
    static int[] positions(int length, View.Part part, int... indices) {
        int inner = part.step();
        int outer = length / (part.size() * inner);
        int[] positions = new int[outer * indices.length * inner];
        int next = 0;
        for (int o = 0; o < outer; o++) {
            for (int index : indices) {
                for (int i = 0; i < inner; i++) {
                    positions[next++] = (o * part.size() + index) * inner + i;
                }
            }
        }
        return positions;
    }

    /** The parts of all axes when one of them has another length. */
    static List<List<View.Part>> parts(List<List<View.Part>> parts, int axis, View.Part changed, int length) {
        List<List<View.Part>> made = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            List<View.Part> of = new ArrayList<>();
            for (View.Part part : parts.get(i)) {
                boolean outer = part.place() == changed.place() && part.step() >= changed.step() * changed.size();
                of.add(
                        outer && i != axis
                                ? new View.Part(part.place(), part.size(), part.step() / changed.size() * length)
                                : part);
            }
            made.add(i == axis ? List.of(new View.Part(changed.place(), length, changed.step())) : of);
        }
        return made;
    }

    static LayerShape withLength(LayerShape shape, int place, int length) {
        int[] lengths = Draft.lengths(shape);
        lengths[place] = length;
        return shape.flat() ? LayerShape.vector(length) : LayerShape.image(lengths[0], lengths[1], lengths[2]);
    }

    /** Where the positions have equal steps a slice, else a layer that lists them. */
    static Draft draft(Draft from, LayerShape shape, int place, int... positions) {
        int step = positions.length == 1 ? 1 : positions[1] - positions[0];
        boolean regular = step != 0;
        for (int i = 1; i < positions.length; i++) {
            regular &= positions[i] - positions[i - 1] == step;
        }
        String axis = Draft.PLACES.get(place);
        if (!regular) {
            return new Draft("take", shape, from).set("axis", axis).set("indices", positions);
        }
        Draft slice = new Draft("slice", shape, from)
                .set("axis", axis)
                .set("start", positions[0])
                .set("stop", positions[positions.length - 1] + Integer.signum(step));
        return step == 1 ? slice : slice.set("step", step);
    }
}
