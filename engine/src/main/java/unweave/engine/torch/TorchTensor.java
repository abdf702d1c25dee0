package unweave.engine.torch;

import java.io.IOException;
import java.util.List;
import unweave.engine.file.ModelFile;
import unweave.engine.file.StateDict;
import unweave.engine.file.WeightLayout;
import unweave.engine.layer.ParameterDescription;

/**
 * The values of one parameter from a tensor whose axes PyTorch has in another order, or that has axes of length 1 more
 * or fewer: values per channel, row and column ([C, H, W], or [1, C, H, 1] where they are the same for all columns)
 * become H W C, as one per channel ([C], [1, C, 1, 1]) does.
 */
final class TorchTensor {
    private TorchTensor() {}

    static float[] read(StateDict tensors, String name, ParameterDescription parameter) throws IOException {
        List<Integer> found = tensors.shape(name);
        if (WeightLayout.fits(parameter, found) || parameter.shape().size() > 3) {
            return ModelFile.readWeight(tensors, name, parameter);
        }
        if (parameter.shape().size() == 3) {
            List<Integer> image = parameter.shape();
            List<Integer> inTorch = List.of(image.get(2), image.get(0), image.get(1));
            if (withoutLeadingOnes(found, 3).equals(inTorch)) {
                return channelsLast(tensors.floats(name), image.get(0) * image.get(1), image.get(2));
            }
        }
        if (lengths(found).size() <= 1 && lengths(found).equals(lengths(parameter.shape()))) {
            return tensors.floats(name); // one axis at most is longer than 1: no order to mistake
        }
        return ModelFile.readWeight(tensors, name, parameter); // which says what shape is wanted
    }

    private static List<Integer> withoutLeadingOnes(List<Integer> shape, int rank) {
        int surplus = shape.size() - rank;
        boolean ones = surplus > 0 && shape.subList(0, surplus).stream().allMatch(length -> length == 1);
        return ones ? shape.subList(surplus, shape.size()) : shape;
    }

    private static List<Integer> lengths(List<Integer> shape) {
        return shape.stream().filter(length -> length != 1).toList();
    }

    private static float[] channelsLast(float[] values, int pixels, int channels) {
        float[] image = new float[values.length];
        for (int i = 0; i < image.length; i++) {
            image[i] = values[i % channels * pixels + i / channels];
        }
        return image;
    }
}
