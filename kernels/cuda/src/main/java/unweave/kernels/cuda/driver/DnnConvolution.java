package unweave.kernels.cuda.driver;

import static unweave.kernels.cuda.driver.Dnn.check;

import java.util.Arrays;
import jcuda.Pointer;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionFwdAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionMode;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnDeterminism;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.jcudnn.cudnnTensorFormat;
import unweave.kernels.ConvShape;

/**
 * The convolution of one shape by cuDNN. Images are N H W C; weights are outChannels x kernelHeight x kernelWidth x
 * inChannels/groups, which is cuDNN's channels-last order. Products in float32 without tensor cores, by the algorithm
 * that cuDNN thinks fastest among those that give the same bytes every time.
 */
public final class DnnConvolution implements AutoCloseable {
    private static final int MOST_ALGORITHMS = 16;
    private static final int NHWC = cudnnTensorFormat.CUDNN_TENSOR_NHWC;
    private static final int FLOAT = cudnnDataType.CUDNN_DATA_FLOAT;
    private static final Pointer ONE = Pointer.to(new float[] {1});
    private static final Pointer ZERO = Pointer.to(new float[] {0});

    private final Dnn dnn;
    private final ConvShape shape;
    private final cudnnTensorDescriptor x = new cudnnTensorDescriptor();
    private final cudnnTensorDescriptor y = new cudnnTensorDescriptor();
    private final cudnnFilterDescriptor w = new cudnnFilterDescriptor();
    private final cudnnConvolutionDescriptor convolution = new cudnnConvolutionDescriptor();
    private final Algorithm[] algorithms = new Algorithm[Pass.values().length];

    /** The three passes of a convolution. */
    public enum Pass {
        FORWARD("forward"),
        BACKWARD_INPUT("input gradient"),
        BACKWARD_WEIGHTS("weight gradient");

        private final String name;

        Pass(String name) {
            this.name = name;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * How cuDNN computes a pass.
     *
     * @param number cuDNN's; means nothing where there is a problem
     * @param workspaceBytes scratch memory that it needs
     * @param problem why cuDNN has no algorithm that we can use; null if it has
     */
    public record Algorithm(int number, long workspaceBytes, String problem) {}

    /**
     * What cuDNN says of one algorithm. (Not its kind of products: those are fixed, and JCuda does not pass on what is
     * said of them.)
     */
    private record Candidate(int number, int status, long memory, int determinism) {
        boolean usable() {
            return status == 0 && determinism == cudnnDeterminism.CUDNN_DETERMINISTIC;
        }
    }

    public DnnConvolution(Dnn dnn, ConvShape shape) {
        this.dnn = dnn;
        this.shape = shape;
        check(JCudnn.cudnnCreateTensorDescriptor(x), "cudnnCreateTensorDescriptor");
        check(JCudnn.cudnnCreateTensorDescriptor(y), "cudnnCreateTensorDescriptor");
        check(JCudnn.cudnnCreateFilterDescriptor(w), "cudnnCreateFilterDescriptor");
        check(JCudnn.cudnnCreateConvolutionDescriptor(convolution), "cudnnCreateConvolutionDescriptor");
        String problem = describe();
        if (problem != null) {
            Arrays.fill(algorithms, new Algorithm(0, 0, problem));
        }
    }

    /** Fills the descriptors; what cuDNN does not like, or null. */
    private String describe() {
        ConvShape s = shape;
        int[] codes = {
            JCudnn.cudnnSetTensor4dDescriptor(x, NHWC, FLOAT, s.batch(), s.inChannels(), s.inHeight(), s.inWidth()),
            JCudnn.cudnnSetTensor4dDescriptor(y, NHWC, FLOAT, s.batch(), s.outChannels(), s.outHeight(), s.outWidth()),
            JCudnn.cudnnSetFilter4dDescriptor(
                    w, FLOAT, NHWC, s.outChannels(), s.groupChannels(), s.kernelHeight(), s.kernelWidth()),
            JCudnn.cudnnSetConvolution2dDescriptor(
                    convolution,
                    s.padY(),
                    s.padX(),
                    s.strideY(),
                    s.strideX(),
                    s.dilationY(),
                    s.dilationX(),
                    cudnnConvolutionMode.CUDNN_CROSS_CORRELATION,
                    FLOAT),
            JCudnn.cudnnSetConvolutionGroupCount(convolution, s.groups()),
            JCudnn.cudnnSetConvolutionMathType(convolution, cudnnMathType.CUDNN_FMA_MATH)
        };
        return Arrays.stream(codes)
                .filter(code -> code != 0)
                .mapToObj(Dnn::describe)
                .findFirst()
                .orElse(null);
    }

    /** How cuDNN computes a pass of this shape, or why it cannot. */
    public Algorithm algorithm(Pass pass) {
        if (algorithms[pass.ordinal()] == null) {
            dnn.stream().context().enter();
            algorithms[pass.ordinal()] = choose(pass);
        }
        return algorithms[pass.ordinal()];
    }

    private Algorithm choose(Pass pass) {
        int[] count = new int[1];
        Candidate[] candidates = new Candidate[MOST_ALGORITHMS];
        int code =
                switch (pass) {
                    case FORWARD -> forwardCandidates(count, candidates);
                    case BACKWARD_INPUT -> backwardInputCandidates(count, candidates);
                    case BACKWARD_WEIGHTS -> backwardWeightsCandidates(count, candidates);
                };
        if (code != 0) {
            return new Algorithm(0, 0, Dnn.describe(code));
        }
        return Arrays.stream(candidates, 0, count[0])
                .filter(Candidate::usable)
                .findFirst()
                .map(candidate -> new Algorithm(candidate.number, candidate.memory, null))
                .orElse(new Algorithm(0, 0, "no algorithm that gives the same bytes every time"));
    }

    private int forwardCandidates(int[] count, Candidate[] candidates) {
        cudnnConvolutionFwdAlgoPerf[] found = new cudnnConvolutionFwdAlgoPerf[MOST_ALGORITHMS];
        Arrays.setAll(found, i -> new cudnnConvolutionFwdAlgoPerf());
        int code = JCudnn.cudnnGetConvolutionForwardAlgorithm_v7(
                dnn.handle(), x, w, convolution, y, MOST_ALGORITHMS, count, found);
        Arrays.setAll(
                candidates, i -> new Candidate(found[i].algo, found[i].status, found[i].memory, found[i].determinism));
        return code;
    }

    private int backwardInputCandidates(int[] count, Candidate[] candidates) {
        cudnnConvolutionBwdDataAlgoPerf[] found = new cudnnConvolutionBwdDataAlgoPerf[MOST_ALGORITHMS];
        Arrays.setAll(found, i -> new cudnnConvolutionBwdDataAlgoPerf());
        int code = JCudnn.cudnnGetConvolutionBackwardDataAlgorithm_v7(
                dnn.handle(), w, y, convolution, x, MOST_ALGORITHMS, count, found);
        Arrays.setAll(
                candidates, i -> new Candidate(found[i].algo, found[i].status, found[i].memory, found[i].determinism));
        return code;
    }

    private int backwardWeightsCandidates(int[] count, Candidate[] candidates) {
        cudnnConvolutionBwdFilterAlgoPerf[] found = new cudnnConvolutionBwdFilterAlgoPerf[MOST_ALGORITHMS];
        Arrays.setAll(found, i -> new cudnnConvolutionBwdFilterAlgoPerf());
        int code = JCudnn.cudnnGetConvolutionBackwardFilterAlgorithm_v7(
                dnn.handle(), x, y, convolution, w, MOST_ALGORITHMS, count, found);
        Arrays.setAll(
                candidates, i -> new Candidate(found[i].algo, found[i].status, found[i].memory, found[i].determinism));
        return code;
    }

    /** y = x * w; all are addresses, as in the other passes. */
    public void forward(long input, long weights, long output, long workspace) {
        Algorithm chosen = algorithm(Pass.FORWARD);
        dnn.stream().begin();
        check(
                JCudnn.cudnnConvolutionForward(
                        dnn.handle(),
                        ONE,
                        x,
                        pointer(input),
                        w,
                        pointer(weights),
                        convolution,
                        chosen.number(),
                        pointer(workspace),
                        chosen.workspaceBytes(),
                        ZERO,
                        y,
                        pointer(output)),
                "cudnnConvolutionForward");
        end("cudnnConvolutionForward");
    }

    /** The gradient with respect to the input. */
    public void backwardInput(long outputGradient, long weights, long inputGradient, long workspace) {
        Algorithm chosen = algorithm(Pass.BACKWARD_INPUT);
        dnn.stream().begin();
        check(
                JCudnn.cudnnConvolutionBackwardData(
                        dnn.handle(),
                        ONE,
                        w,
                        pointer(weights),
                        y,
                        pointer(outputGradient),
                        convolution,
                        chosen.number(),
                        pointer(workspace),
                        chosen.workspaceBytes(),
                        ZERO,
                        x,
                        pointer(inputGradient)),
                "cudnnConvolutionBackwardData");
        end("cudnnConvolutionBackwardData");
    }

    /** The gradient with respect to the weights. */
    public void backwardWeights(long input, long outputGradient, long weightGradient, long workspace) {
        Algorithm chosen = algorithm(Pass.BACKWARD_WEIGHTS);
        dnn.stream().begin();
        check(
                JCudnn.cudnnConvolutionBackwardFilter(
                        dnn.handle(),
                        ONE,
                        x,
                        pointer(input),
                        y,
                        pointer(outputGradient),
                        convolution,
                        chosen.number(),
                        pointer(workspace),
                        chosen.workspaceBytes(),
                        ZERO,
                        w,
                        pointer(weightGradient)),
                "cudnnConvolutionBackwardFilter");
        end("cudnnConvolutionBackwardFilter");
    }

    private void end(String call) {
        double bytes = Float.BYTES * (double) (shape.inputSize() + shape.weightSize() + shape.outputSize());
        dnn.stream().end(call, 0, 0, shape.flops(), bytes);
    }

    private static Pointer pointer(long address) {
        return Addresses.pointer(address);
    }

    @Override
    public void close() {
        check(JCudnn.cudnnDestroyConvolutionDescriptor(convolution), "cudnnDestroyConvolutionDescriptor");
        check(JCudnn.cudnnDestroyFilterDescriptor(w), "cudnnDestroyFilterDescriptor");
        for (cudnnTensorDescriptor descriptor : new cudnnTensorDescriptor[] {x, y}) {
            check(JCudnn.cudnnDestroyTensorDescriptor(descriptor), "cudnnDestroyTensorDescriptor");
        }
    }
}
