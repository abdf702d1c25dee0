package unweave.engine.onnx.convert;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import unweave.engine.layer.LayerShape;

/**
 * Two operands whose axes lie in the same places, so that a layer can combine them; where one is shorter, it has length
 * 1.
 *
 * @param shape of the result
 * @param axes of the result as a view of such a shape
 */
record Alignment(Draft first, Draft second, LayerShape shape, List<List<Factor>> axes, int batch) {
    static Alignment of(Site site, View a, View b) {
        int rank = Math.max(a.rank(), b.rank());
        View first = CombinationNodes.ofRank(a, rank);
        View second = CombinationNodes.ofRank(b, rank);
        int[] dims = CombinationNodes.broadcast(site, first, second);
        if (first.axes().equals(second.axes())
                && first.layer().shape().flat() == second.layer().shape().flat()
                && Draft.lengths(first.layer().shape())[0]
                        == Draft.lengths(second.layer().shape())[0]
                && Draft.lengths(first.layer().shape())[1]
                        == Draft.lengths(second.layer().shape())[1]) {
            return new Alignment(first.layer(), second.layer(), first.layer().shape(), first.axes(), first.batch());
        }
        boolean firstLeads = Arrays.equals(first.dims(), dims)
                && (!Arrays.equals(second.dims(), dims)
                        || !first.layer().shape().flat()
                        || second.layer().shape().flat());
        View lead = firstLeads ? first : second;
        View other = firstLeads ? second : first;
        if (Arrays.equals(lead.dims(), dims)) {
            View image = lead;
            Optional<Draft> fitting = fitted(site, image, other);
            if (fitting.isEmpty() && lead.layer().shape().flat()) {
                image = site.sketch().image(lead);
                fitting = fitted(site, image, other);
            }
            if (fitting.isPresent()) {
                return made(image, fitting.get(), firstLeads);
            }
        }
        return grouped(site, first, second, dims);
    }

    private static Alignment made(View lead, Draft other, boolean leadFirst) {
        return new Alignment(
                leadFirst ? lead.layer() : other,
                leadFirst ? other : lead.layer(),
                lead.layer().shape(),
                lead.axes(),
                lead.batch());
    }

    /** The other operand with its axes where the leading one has them; empty if a place is broadcast in part. */
    private static Optional<Draft> fitted(Site site, View lead, View other) {
        List<List<View.Part>> parts = lead.parts().orElse(null);
        if (parts == null) {
            return Optional.empty();
        }
        List<View.Part> fine = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        boolean[] kept = new boolean[3];
        boolean[] repeated = new boolean[3];
        for (int axis = 0; axis < lead.rank(); axis++) {
            boolean repeat = other.size(axis) == 1;
            for (View.Part part : parts.get(axis)) {
                (repeat ? repeated : kept)[part.place()] = true;
                if (!repeat) {
                    fine.add(part);
                    sizes.add(part.size());
                }
            }
        }
        for (int place = 0; place < 3; place++) {
            if (kept[place] && repeated[place]) {
                return Optional.empty();
            }
        }
        View inParts = site.sketch()
                .reshaped(other, sizes.stream().mapToInt(Integer::intValue).toArray());
        List<List<Integer>> places = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < fine.size(); i++) {
            places.get(fine.get(i).place()).add(i);
        }
        places.forEach(of -> of.sort((i, j) -> fine.get(j).step() - fine.get(i).step()));
        if (lead.layer().shape().flat()) {
            View vector = site.sketch().vector(inParts.transposed(order(places.get(Draft.CHANNELS))));
            return Optional.of(vector.layer());
        }
        return Optional.of(site.sketch().arranged(inParts, places).layer());
    }

    private static int[] order(List<Integer> axes) {
        return axes.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Neighbouring axes that are broadcast alike share a place. */
    private static Alignment grouped(Site site, View a, View b, int... dims) {
        List<List<Integer>> runs = new ArrayList<>();
        int pattern = -1;
        for (int axis = 0; axis < dims.length; axis++) {
            if (dims[axis] == 1) {
                continue;
            }
            int now = (a.size(axis) > 1 ? 1 : 0) + (b.size(axis) > 1 ? 2 : 0);
            if (now != pattern) {
                runs.add(new ArrayList<>());
            }
            runs.get(runs.size() - 1).add(axis);
            pattern = now;
        }
        if (runs.size() > 3) {
            View whole = CombinationNodes.expanded(site, a, dims);
            return of(site, whole, CombinationNodes.expanded(site, b, dims));
        }
        while (runs.size() < 3) {
            runs.add(0, new ArrayList<>());
        }
        View first = site.sketch().arranged(site.sketch().image(a), runs);
        View second = site.sketch().arranged(site.sketch().image(b), runs);
        int[] lengths = new int[3];
        List<List<Factor>> axes = new ArrayList<>();
        for (int i = 0; i < dims.length; i++) {
            axes.add(List.of());
        }
        int stride = 1;
        for (int place = 2; place >= 0; place--) {
            lengths[place] = 1;
            for (int i = runs.get(place).size() - 1; i >= 0; i--) {
                int axis = runs.get(place).get(i);
                axes.set(axis, List.of(new Factor(dims[axis], stride)));
                stride *= dims[axis];
                lengths[place] *= dims[axis];
            }
        }
        return new Alignment(
                first.layer(),
                second.layer(),
                LayerShape.image(lengths[0], lengths[1], lengths[2]),
                axes,
                a.batch() == b.batch() ? a.batch() : Math.max(a.batch(), b.batch()));
    }
}
