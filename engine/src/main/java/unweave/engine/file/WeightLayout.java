package unweave.engine.file;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import unweave.engine.layer.LayerShape;
import unweave.engine.layer.ParameterDescription;

/**
 * The order of a parameter's values in files, which is PyTorch's, against the order in memory:
 *
 * <pre>
 * convolution   O I H W                          H W I O
 * dense         O F                              F O
 * F, a flattened image (also in batchnorm)       C H W -> H W C
 * </pre>
 */
public final class WeightLayout {
    private WeightLayout() {}

    /** The shape of a parameter in PyTorch. */
    public static int[] torchShape(ParameterDescription parameter) {
        int[] s = parameter.shape().stream().mapToInt(Integer::intValue).toArray();
        return switch (parameter.role()) {
            case CONV_WEIGHT -> new int[] {s[3], s[2], s[0], s[1]};
            case DENSE_WEIGHT -> new int[] {s[1], s[0]};
            default -> s;
        };
    }

    /**
     * Whether a tensor has a parameter's shape. That of a convolution along one axis may lack the other one, that of a
     * 1 x 1 convolution may be a dense layer's, and that of a dense layer a 1 x 1 convolution's.
     */
    public static boolean fits(ParameterDescription parameter, List<Integer> shape) {
        List<Integer> expected = Arrays.stream(torchShape(parameter)).boxed().toList();
        if (expected.size() == 4 && shape.size() < 4) {
            return (expected.get(2) == 1 && without(expected, 2).equals(shape))
                    || (expected.get(3) == 1 && without(expected, 3).equals(shape))
                    || (expected.get(2) * expected.get(3) == 1
                            && expected.subList(0, 2).equals(shape));
        }
        if (parameter.role() == ParameterDescription.Role.DENSE_WEIGHT && shape.size() > 2) {
            return shape.subList(0, 2).equals(expected)
                    && shape.subList(2, shape.size()).stream().allMatch(length -> length == 1);
        }
        return shape.equals(expected);
    }

    private static List<Integer> without(List<Integer> shape, int place) {
        List<Integer> rest = new ArrayList<>(shape);
        rest.remove(place);
        return rest;
    }

    /** The values in PyTorch's order; {@code values} is not modified. */
    public static float[] toTorch(ParameterDescription parameter, float[] values) {
        int[] positions = torchPositions(parameter);
        float[] torch = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            torch[positions[i]] = values[i];
        }
        return torch;
    }

    /** The values in the order of memory; {@code torch} is not modified. */
    static float[] fromTorch(ParameterDescription parameter, float[] torch) {
        int[] positions = torchPositions(parameter);
        float[] values = new float[torch.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = torch[positions[i]];
        }
        return values;
    }

    /** For each value in memory its position in PyTorch's tensor. */
    private static int[] torchPositions(ParameterDescription parameter) {
        return switch (parameter.role()) {
            case CONV_WEIGHT -> convolution(torchShape(parameter));
            case DENSE_WEIGHT -> dense(parameter.input(), parameter.shape().get(1));
            case BIAS, FACTOR, OFFSET, SLOPE -> features(LayerShape.vector(parameter.size()));
            default -> features(parameter.input().flat() ? parameter.input() : LayerShape.vector(parameter.size()));
        };
    }

    private static int[] convolution(int[] torchShape) {
        int outputs = torchShape[0];
        int inputs = torchShape[1];
        int height = torchShape[2];
        int width = torchShape[3];
        int[] positions = new int[outputs * inputs * height * width];
        int next = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int i = 0; i < inputs; i++) {
                    for (int o = 0; o < outputs; o++) {
                        positions[next++] = ((o * inputs + i) * height + y) * width + x;
                    }
                }
            }
        }
        return positions;
    }

    private static int[] dense(LayerShape input, int outputs) {
        int[] features = features(input);
        int[] positions = new int[features.length * outputs];
        int next = 0;
        for (int feature : features) {
            for (int o = 0; o < outputs; o++) {
                positions[next++] = o * features.length + feature;
            }
        }
        return positions;
    }

    /** H W C to C H W. */
    private static int[] features(LayerShape shape) {
        int[] positions = new int[shape.features()];
        int pixels = shape.height() * shape.width();
        int next = 0;
        for (int pixel = 0; pixel < pixels; pixel++) {
            for (int c = 0; c < shape.channels(); c++) {
                positions[next++] = c * pixels + pixel;
            }
        }
        return positions;
    }
}
