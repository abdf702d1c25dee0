package unweave.lrp;

import java.util.IdentityHashMap;
import java.util.List;
import unweave.kernels.Backend;
import unweave.kernels.Floats;

/** The values of many small runs of device memory, brought to the host by one transfer. */
final class FetchedTogether {
    private final IdentityHashMap<Floats, float[]> values = new IdentityHashMap<>();

    /** Waits for the device. */
    FetchedTogether(Backend backend, List<Floats> runs) {
        try (Floats together =
                backend.floats(runs.stream().mapToLong(Floats::size).sum())) {
            long offset = 0;
            for (Floats run : runs) {
                backend.copy(run, 0, together, offset, run.size());
                offset += run.size();
            }
            float[] all = backend.toArray(together);
            int from = 0;
            for (Floats run : runs) {
                float[] part = new float[Math.toIntExact(run.size())];
                System.arraycopy(all, from, part, 0, part.length);
                values.put(run, part);
                from += part.length;
            }
        }
    }

    float[] values(Floats run) {
        return values.get(run);
    }
}
