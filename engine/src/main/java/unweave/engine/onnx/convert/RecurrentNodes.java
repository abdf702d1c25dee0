package unweave.engine.onnx.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import unweave.engine.layer.LayerShape;
import unweave.engine.onnx.NdArray;
import unweave.engine.onnx.OnnxNode;

/** LSTM, GRU and RNN over a sequence, in one direction or both. */
final class RecurrentNodes {
    private RecurrentNodes() {}

    static List<Value> convert(Site site) {
        OnnxNode node = site.node();
        boolean batchFirst = node.integer("layout", 0) != 0;
        View view = batchFirst ? site.view(0).transposed(1, 0, 2) : site.view(0);
        NdArray weight = site.fixed(1);
        NdArray recurrent = site.fixed(2);
        int directions = weight.dims()[0];
        int units = recurrent.dims()[2];
        requireUsual(site, view, units);
        View sequence = site.sketch().arranged(site.sketch().image(view), List.of(List.of(), List.of(0), List.of(2)));
        int steps = view.size(0);
        String kind = node.op().toLowerCase(Locale.ROOT);
        String direction = node.text("direction", "forward");
        Draft draft = new Draft(kind, LayerShape.image(1, steps, directions * units), sequence.layer())
                .set("units", units)
                .set(
                        "directions",
                        switch (direction) {
                            case "reverse" -> "backward";
                            case "bidirectional" -> "both";
                            default -> "forward";
                        });
        if (kind.equals("gru")) {
            draft.set("resetAfter", node.integer("linear_before_reset", 0) != 0);
        }
        if (kind.equals("rnn")) {
            draft.set("nonlinearity", nonlinearity(site));
        }
        weights(site, draft, kind, direction.equals("reverse"));
        Draft added = site.sketch().add(draft.named(site.module(1)));
        List<Factor> time = List.of(new Factor(steps, directions * units));
        List<Factor> ways = List.of(new Factor(directions, units));
        List<Factor> unit = List.of(new Factor(units, 1));
        View all = new View(added, List.of(time, ways, List.of(), unit), 2);
        View last = last(site, all, direction, steps);
        return List.of(
                batchFirst ? all.transposed(2, 0, 1, 3) : all,
                batchFirst ? last.transposed(1, 0, 2) : last,
                new Value.Refused(site.refusal("its output 3 (the last cell state) is read")
                        .getMessage()));
    }

    /** The state after the last step of each direction: directions, batch, units. */
    private static View last(Site site, View all, String direction, int steps) {
        if (direction.equals("forward")) {
            return site.sketch().select(all, 0, steps - 1).removed(0);
        }
        if (direction.equals("reverse")) {
            return site.sketch().select(all, 0, 0).removed(0);
        }
        View forward = site.sketch().select(site.sketch().select(all, 1, 0), 0, steps - 1);
        View backward = site.sketch().select(site.sketch().select(all, 1, 1), 0, 0);
        int units = all.size(3);
        Draft both = site.sketch()
                .add(new Draft("concat", LayerShape.image(1, 1, 2 * units), forward.layer(), backward.layer())
                        .set("axis", "channels"));
        return new View(both, List.of(List.of(new Factor(2, units)), List.of(), List.of(new Factor(units, 1))), 1);
    }

    private static void requireUsual(Site site, View view, int units) {
        OnnxNode node = site.node();
        if (view.rank() != 3 || view.size(1) != 1) {
            throw site.refusal("reads " + view + ", not one sequence for each input");
        }
        if (site.reads(4)) {
            NdArray lengths = site.fixed(4);
            if (lengths.size() != 1 || lengths.integer(0) != view.size(0)) {
                throw site.refusal("runs over a part of the sequence (sequence_lens); export without lengths");
            }
        }
        for (int i = 5; i < site.count(); i++) {
            if (site.reads(i) && !allZero(site.fixed(i))) {
                throw site.refusal("has " + (i == 7 ? "peepholes" : "an initial state that is not 0"));
            }
        }
        if (node.has("clip") || node.integer("input_forget", 0) != 0) {
            throw site.refusal("has the attribute " + (node.has("clip") ? "clip" : "input_forget"));
        }
        List<String> functions = node.texts("activations");
        List<String> usual = node.op().equals("LSTM") ? List.of("Sigmoid", "Tanh", "Tanh") : List.of("Sigmoid", "Tanh");
        for (int i = 0; i < functions.size() && !node.op().equals("RNN"); i++) {
            if (!functions.get(i).equalsIgnoreCase(usual.get(i % usual.size()))) {
                throw site.refusal(
                        "has the activation " + functions.get(i) + " instead of " + usual.get(i % usual.size()));
            }
        }
        if (node.integer("hidden_size", units) != units) {
            throw site.refusal("hidden_size is not that of its weights, " + units);
        }
    }

    private static boolean allZero(NdArray array) {
        for (int i = 0; i < array.size(); i++) {
            if (array.number(i) != 0) {
                return false;
            }
        }
        return true;
    }

    private static String nonlinearity(Site site) {
        List<String> functions = site.node().texts("activations");
        String first = functions.isEmpty() ? "tanh" : functions.get(0).toLowerCase(Locale.ROOT);
        boolean alike = functions.stream().allMatch(first::equalsIgnoreCase);
        if (!alike || !List.of("tanh", "relu").contains(first)) {
            throw site.refusal("has the activations " + functions + "; tanh and ReLU can be computed");
        }
        return first;
    }

    /** ONNX' gates i o f c and z r h as PyTorch's i f g o and r z n. */
    private static void weights(Site site, Draft draft, String kind, boolean backward) {
        int[] gates =
                switch (kind) {
                    case "lstm" -> new int[] {0, 2, 3, 1};
                    case "gru" -> new int[] {1, 0, 2};
                    default -> new int[] {0};
                };
        NdArray weight = site.fixed(1);
        NdArray recurrent = site.fixed(2);
        NdArray bias = site.fixedOrNull(3);
        int units = recurrent.dims()[2];
        int features = weight.dims()[2];
        List<String> suffixes = new ArrayList<>(List.of(""));
        if (weight.dims()[0] == 2) {
            suffixes.add("_reverse");
        } else if (backward) {
            suffixes.set(0, "_reverse");
        }
        int rows = gates.length * units;
        for (int way = 0; way < suffixes.size(); way++) {
            String suffix = suffixes.get(way);
            draft.weight("weight_ih" + suffix, inOrder(weight, way * rows * features, units * features, gates))
                    .weight("weight_hh" + suffix, inOrder(recurrent, way * rows * units, units * units, gates));
            float[] none = new float[rows];
            draft.weight("bias_ih" + suffix, bias == null ? none : inOrder(bias, way * 2 * rows, units, gates))
                    .weight(
                            "bias_hh" + suffix,
                            bias == null ? none : inOrder(bias, way * 2 * rows + rows, units, gates));
        }
    }

    private static float[] inOrder(NdArray from, int start, int block, int... gates) {
        float[] values = new float[gates.length * block];
        for (int gate = 0; gate < gates.length; gate++) {
            for (int i = 0; i < block; i++) {
                values[gate * block + i] = (float) from.number(start + gates[gate] * block + i);
            }
        }
        return values;
    }
}
