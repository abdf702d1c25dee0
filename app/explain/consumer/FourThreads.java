import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import unweave.explain.Explainer;
import unweave.explain.Explanation;

/** Four threads share one explainer and get what one thread gets. */
final class FourThreads {
    private FourThreads() {}

    public static void main(String[] arguments) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Explainer explainer = Explainer.open(Path.of("model.safetensors"), Path.of("subspaces.safetensors"))) {
            List<Future<Explanation>> shared = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int hertz = 200 + 50 * i;
                shared.add(threads.submit(() -> explainer.explain(Prepare.tone(hertz, 2))));
            }
            for (int i = 0; i < shared.size(); i++) {
                float[][] alone = explainer.explain(Prepare.tone(200 + 50 * i, 2)).map().values();
                if (!Arrays.deepEquals(alone, shared.get(i).get().map().values())) {
                    throw new IllegalStateException("sound " + i + ": four threads get another map than one");
                }
            }
            System.out.println("four threads get the same maps: "
                    + explainer.model().network().backend().description());
        } finally {
            threads.shutdownNow();
        }
    }
}
