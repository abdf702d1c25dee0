package unweave.kernels.reference;

import java.util.Arrays;

/** The definition of {@link unweave.kernels.Subspaces}, for one start; starts do not touch each other. */
public final class ReferenceSubspaces {
    private ReferenceSubspaces() {}

    /** See {@link unweave.kernels.Subspaces#subspaceGradient}; returns J of the one start. */
    public static double subspaceGradient(
            int rows,
            int window,
            int dimensions,
            int subspaces,
            double[] a,
            double[] c,
            double[] u,
            double[] gradient) {
        int d = dimensions;
        int width = d / subspaces;
        double[] h = new double[rows * d];
        double[] g = new double[rows * d];
        ReferenceConvolutions.gemm(false, false, rows, d, d, a, u, h);
        ReferenceConvolutions.gemm(false, false, rows, d, d, c, u, g);
        double[] relevance = positiveRelevance(rows, window, d, subspaces, h, g);
        int windows = rows / window;
        double[] m = new double[subspaces];
        for (int k = 0; k < subspaces; k++) {
            for (int n = 0; n < windows; n++) {
                m[k] += Math.pow(relevance[n * subspaces + k], 2) / windows;
            }
            m[k] = Math.sqrt(m[k]);
        }
        double meanRoot = Arrays.stream(m).map(Math::sqrt).sum() / subspaces;
        Arrays.fill(gradient, 0, d * d, 0);
        for (int i = 0; i < d; i++) {
            int k = i / width;
            double weight = m[k] == 0 ? 0 : meanRoot / Math.sqrt(m[k]) / (subspaces * m[k] * windows);
            for (int n = 0; n < rows; n++) {
                for (int j = 0; j < d; j++) {
                    gradient[j * d + i] += weight
                            * relevance[n / window * subspaces + k]
                            * (a[n * d + j] * g[n * d + i] + c[n * d + j] * h[n * d + i]);
                }
            }
        }
        return meanRoot * meanRoot;
    }

    /** r+[n,k] = max(0, sum over rows p of window n and columns i of block k: h[p,i] * g[p,i]). */
    private static double[] positiveRelevance(
            int rows, int window, int dimensions, int subspaces, double[] h, double[] g) {
        double[] relevance = new double[rows / window * subspaces];
        int width = dimensions / subspaces;
        for (int p = 0; p < rows; p++) {
            for (int i = 0; i < dimensions; i++) {
                relevance[p / window * subspaces + i / width] += h[p * dimensions + i] * g[p * dimensions + i];
            }
        }
        return Arrays.stream(relevance).map(r -> Math.max(0, r)).toArray();
    }

    /** See {@link unweave.kernels.Subspaces#orthogonalize}. */
    public static void orthogonalize(int dimensions, double[] u) {
        int d = dimensions;
        double[] vectors = new double[d * d];
        double[] product = new double[d * d];
        ReferenceConvolutions.gemm(true, false, d, d, d, u, u, product);
        double[] values = JacobiEigen.decompose(d, product, vectors);
        double[] scaled = new double[d * d];
        for (int i = 0; i < d * d; i++) {
            scaled[i] = vectors[i] / Math.sqrt(values[i % d]);
        }
        ReferenceConvolutions.gemm(false, true, d, d, d, scaled, vectors, product);
        ReferenceConvolutions.gemm(false, false, d, d, d, u.clone(), product, u);
    }

    /** See {@link unweave.kernels.Subspaces#projectRelevance}. */
    public static void projectRelevance(
            int rows, int dimensions, int subspaces, double[] u, double[] a, double[] c, double[] out) {
        int d = dimensions;
        int width = d / subspaces;
        double[] g = new double[rows * d];
        ReferenceConvolutions.gemm(false, false, rows, d, d, c, u, g);
        for (int k = 0; k < subspaces; k++) {
            for (int n = 0; n < rows; n++) {
                for (int j = 0; j < d; j++) {
                    double projected = 0;
                    for (int i = k * width; i < (k + 1) * width; i++) {
                        projected += u[j * d + i] * g[n * d + i];
                    }
                    out[(k * rows + n) * d + j] = a[n * d + j] * projected;
                }
            }
        }
    }
}
