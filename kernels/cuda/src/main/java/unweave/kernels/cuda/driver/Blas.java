package unweave.kernels.cuda.driver;

import jcuda.Pointer;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasMath;
import jcuda.jcublas.cublasOperation;
import jcuda.jcublas.cublasPointerMode;
import jcuda.jcublas.cublasStatus;
import jcuda.runtime.cudaStream_t;

/**
 * Matrix products of cuBLAS in float32, without tensor cores, and in float64. Matrices are row-major here: cuBLAS,
 * which counts by columns, is given the transposed problem, C^T = op(B)^T op(A)^T.
 */
public final class Blas implements AutoCloseable {
    /**
     * What NVIDIA recommends for Hopper; with a workspace of its own, cuBLAS allocates nothing while a graph is
     * captured.
     */
    private static final long WORKSPACE_BYTES = 32L << 20;

    private final cublasHandle handle = new cublasHandle();
    private final Stream stream;
    private final DeviceMemory workspace;
    private boolean open = true;

    /** All products are queued on {@code stream}. */
    public Blas(Stream stream) {
        this.stream = stream;
        stream.context().enter();
        check(JCublas2.cublasCreate(handle), "cublasCreate");
        check(JCublas2.cublasSetStream(handle, new cudaStream_t(stream.handle())), "cublasSetStream");
        workspace = new DeviceMemory(stream.context(), WORKSPACE_BYTES);
        check(
                JCublas2.cublasSetWorkspace(handle, Addresses.pointer(workspace.address()), WORKSPACE_BYTES),
                "cublasSetWorkspace");
        check(
                JCublas2.cublasSetPointerMode(handle, cublasPointerMode.CUBLAS_POINTER_MODE_HOST),
                "cublasSetPointerMode");
        check(JCublas2.cublasSetMathMode(handle, cublasMath.CUBLAS_DEFAULT_MATH), "cublasSetMathMode");
    }

    /** The version of cuBLAS: 120603 for 12.6.3. */
    public int version() {
        int[] version = new int[1];
        check(JCublas2.cublasGetVersion(handle, version), "cublasGetVersion");
        return version[0];
    }

    /**
     * C[m,n] = alpha * sum over k: op(A)[m,k] op(B)[k,n] + beta * C[m,n]; op transposes where asked (A is then stored k
     * x m, B n x k).
     *
     * @param a address of A, lda its values from row to row
     */
    public void sgemm(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float alpha,
            long a,
            int lda,
            long b,
            int ldb,
            float beta,
            long c,
            int ldc) {
        stream.begin();
        check(
                JCublas2.cublasSgemm(
                        handle,
                        operation(transposeB),
                        operation(transposeA),
                        n,
                        m,
                        k,
                        host(alpha),
                        Addresses.pointer(b),
                        ldb,
                        Addresses.pointer(a),
                        lda,
                        host(beta),
                        Addresses.pointer(c),
                        ldc),
                "cublasSgemm");
        end("sgemm", Float.BYTES, 1, m, n, k);
    }

    /**
     * {@code count} products as {@link #sgemm}; the operands of the next product lie a stride (in values, 0 for the
     * same again) further on.
     */
    public void sgemmStridedBatched(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float alpha,
            long a,
            int lda,
            long strideA,
            long b,
            int ldb,
            long strideB,
            float beta,
            long c,
            int ldc,
            long strideC,
            int count) {
        stream.begin();
        check(
                JCublas2.cublasSgemmStridedBatched(
                        handle,
                        operation(transposeB),
                        operation(transposeA),
                        n,
                        m,
                        k,
                        host(alpha),
                        Addresses.pointer(b),
                        ldb,
                        strideB,
                        Addresses.pointer(a),
                        lda,
                        strideA,
                        host(beta),
                        Addresses.pointer(c),
                        ldc,
                        strideC,
                        count),
                "cublasSgemmStridedBatched");
        end("sgemmStridedBatched", Float.BYTES, count, m, n, k);
    }

    /** As {@link #sgemmStridedBatched} in float64; row lengths and strides count float64 values. */
    public void dgemmStridedBatched(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            double alpha,
            long a,
            int lda,
            long strideA,
            long b,
            int ldb,
            long strideB,
            double beta,
            long c,
            int ldc,
            long strideC,
            int count) {
        stream.begin();
        check(
                JCublas2.cublasDgemmStridedBatched(
                        handle,
                        operation(transposeB),
                        operation(transposeA),
                        n,
                        m,
                        k,
                        host(alpha),
                        Addresses.pointer(b),
                        ldb,
                        strideB,
                        Addresses.pointer(a),
                        lda,
                        strideA,
                        host(beta),
                        Addresses.pointer(c),
                        ldc,
                        strideC,
                        count),
                "cublasDgemmStridedBatched");
        end("dgemmStridedBatched", Double.BYTES, count, m, n, k);
    }

    private void end(String name, int bytes, int count, int m, int n, int k) {
        double products = (double) count * m * n * k;
        stream.end(
                name, 0, 0, 2 * products, (double) bytes * count * ((double) m * k + (double) k * n + (double) m * n));
    }

    private static int operation(boolean transpose) {
        return transpose ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N;
    }

    private static Pointer host(float value) {
        return Pointer.to(new float[] {value});
    }

    private static Pointer host(double value) {
        return Pointer.to(new double[] {value});
    }

    private static void check(int code, String call) {
        if (code != cublasStatus.CUBLAS_STATUS_SUCCESS) {
            throw new CudaException(call + " failed: " + cublasStatus.stringFor(code));
        }
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            stream.context().enter();
            check(JCublas2.cublasDestroy(handle), "cublasDestroy");
            workspace.close();
        }
    }
}
