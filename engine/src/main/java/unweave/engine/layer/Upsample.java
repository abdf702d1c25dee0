package unweave.engine.layer;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.stream.IntStream;

/** Every pixel {@code scale} times in a row and in a column: the nearest neighbour of each output. */
public record Upsample(String name, List<String> inputs, Size scale) implements Indexed {
    public Upsample {
        inputs = Layer.checked(name, inputs, 1);
    }

    static Upsample read(JsonFields fields, String name, List<String> inputs) {
        return new Upsample(name, inputs, fields.size("scale", 1, null));
    }

    @Override
    public void write(JsonObject json) {
        json.add("scale", scale.toJson());
    }

    @Override
    public LayerShape outputShape(List<LayerShape> inputs) {
        LayerShape input = inputs.get(0);
        requireImage(input);
        return input.with(
                Math.multiplyExact(input.height(), scale.height()),
                Math.multiplyExact(input.width(), scale.width()),
                input.channels());
    }

    @Override
    public int[] index(LayerShape input) {
        return Indexed.along(
                input,
                repeated(input.height(), scale.height()),
                repeated(input.width(), scale.width()),
                Indexed.all(input.channels()));
    }

    private static int[] repeated(int length, int times) {
        return IntStream.range(0, length * times).map(i -> i / times).toArray();
    }
}
