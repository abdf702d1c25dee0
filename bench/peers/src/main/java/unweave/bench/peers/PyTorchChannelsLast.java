package unweave.bench.peers;

import java.util.List;
import unweave.bench.PeerJob;

/** PyTorch with images in the order N H W C, which its convolutions are faster with and its users have to ask for. */
public final class PyTorchChannelsLast extends PyTorch {
    /** For {@link java.util.ServiceLoader}. */
    public PyTorchChannelsLast() {
        super(MemoryFormat.CHANNELS_LAST);
    }

    @Override
    public String name() {
        return "PyTorch, channels last";
    }

    @Override
    public String description() {
        return "the same with N H W C in memory, where there are images";
    }

    @Override
    public List<PeerJob> jobs() {
        return networkJobs();
    }
}
