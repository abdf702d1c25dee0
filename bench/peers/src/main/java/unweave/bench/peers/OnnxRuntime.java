package unweave.bench.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import unweave.bench.JobData;
import unweave.bench.Peer;
import unweave.bench.PeerJob;
import unweave.bench.PreparedJob;
import unweave.bench.network.NetworkCase;
import unweave.bench.network.NetworkCase.Weighted;
import unweave.bench.network.NetworkCase.Work;
import unweave.engine.layer.Layer;
import unweave.engine.layer.LayerShape;
import unweave.engine.model.ModelDescription;

/** ONNX Runtime on the CPU, which predicts only. */
public final class OnnxRuntime implements Peer {
    private static final String VERSION = "1.29.0";
    private static final long STACK_BYTES = 256L << 20;

    private int threads = 1;

    @Override
    public String name() {
        return "ONNX Runtime";
    }

    @Override
    public String description() {
        return VERSION + " through its Java classes, all optimisations of graphs, batch normalisation merged, N C H W"
                + " in memory, inputs in memory outside the Java heap";
    }

    /**
     * On a thread with much stack: when it starts, the library searches the command line by a recursion, which
     * overflows a usual stack where the class path is long.
     */
    @Override
    public void load(int threadCount) {
        threads = threadCount;
        Thread starter = new Thread(null, OrtEnvironment::getEnvironment, "ONNX Runtime", STACK_BYTES);
        starter.start();
        try {
            starter.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public List<PeerJob> jobs() {
        List<PeerJob> jobs = new ArrayList<>(List.of(
                forward("toy forward, batch 16", 16, () -> Weighted.initial(ModelDescription.toy())),
                forward("toy forward, batch 64", 64, () -> Weighted.initial(ModelDescription.toy())),
                forward("gtzan forward, batch 16", 16, () -> Weighted.initial(ModelDescription.gtzan()))));
        for (NetworkCase network : NetworkCase.all()) {
            jobs.add(forward(network.job(Work.FORWARD), network.batch(), network::merged));
        }
        return jobs;
    }

    private PeerJob forward(String name, int batch, Supplier<Weighted> network) {
        return new PeerJob(
                name, 1, () -> check(network.get(), batch), () -> new Prediction(network.get(), batch, threads));
    }

    /** Ours is computed on one thread, so that no other waits for work when the job is timed. */
    private void check(Weighted network, int batch) {
        float[] ours = network.predict(JobData.inputs(network.description(), batch), batch);
        try (Prediction prediction = new Prediction(network, batch, threads)) {
            PeerJob.requireAgreement("logits", ours, prediction.logits());
        }
    }

    /** A session and its inputs. */
    private static final class Prediction implements PreparedJob {
        private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
        private final OrtSession session;
        private final FloatBuffer inputs;
        private final long[] shape;

        Prediction(Weighted network, int batch, int threads) {
            LayerShape input = network.description().input();
            shape = new long[] {batch, input.channels(), input.height(), input.width()};
            inputs = direct(Images.channelsFirst(JobData.inputs(network.description(), batch), input));
            try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
                options.setIntraOpNumThreads(threads);
                options.setInterOpNumThreads(1);
                options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
                session = environment.createSession(OnnxExport.of(network, batch), options);
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }

        private static FloatBuffer direct(float[] values) {
            FloatBuffer buffer = ByteBuffer.allocateDirect(values.length * Float.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
            buffer.put(values).flip();
            return buffer;
        }

        /** N x classes. */
        float[] logits() {
            try (OnnxTensor tensor = OnnxTensor.createTensor(environment, inputs, shape);
                    OrtSession.Result result = session.run(Map.of(Layer.INPUT, tensor))) {
                FloatBuffer logits = ((OnnxTensor) result.get(0)).getFloatBuffer();
                float[] values = new float[logits.remaining()];
                logits.get(values);
                return values;
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public double run() {
            return logits()[0];
        }

        @Override
        public void close() {
            try {
                session.close();
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
