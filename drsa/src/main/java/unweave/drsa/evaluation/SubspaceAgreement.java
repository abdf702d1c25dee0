package unweave.drsa.evaluation;

import java.util.ArrayList;
import java.util.List;
import unweave.drsa.OneToOneAssignment;
import unweave.drsa.Subspaces;
import unweave.kernels.cpu.SymmetricEigen;

/**
 * Whether two searches found the same subspaces: principal angles (Jordan 1875; Björck and Golub 1973). For subspaces
 * spanned by the orthonormal columns of U_k and V_l the cosines of the angles are the singular values of U_k^T V_l,
 * here the roots of the eigenvalues of (U_k^T V_l)^T (U_k^T V_l). The overlap of two subspaces is the mean squared
 * cosine, ||U_k^T V_l||_F^2 / d: 1 for the same subspace, 0 for orthogonal ones. Since the order of subspaces is
 * arbitrary, they are paired one to one so that the sum of the overlaps is largest.
 *
 * @param matched for every subspace of the first search, the one of the second
 * @param overlap of every pair
 * @param degrees the d principal angles of every pair, in increasing order
 * @param chance d / D: the mean overlap of subspaces of random orthogonal matrices. Choosing the best pairs adds to it;
 *     what it adds is seen by comparing random subspaces of several seeds in the same way
 */
public record SubspaceAgreement(int[] matched, double[] overlap, double[][] degrees, double chance) {

    /**
     * Compares the subspaces of two searches.
     *
     * @throws IllegalArgumentException if they have another layer width or number of subspaces
     */
    public static SubspaceAgreement of(Subspaces a, Subspaces b) {
        if (a.dimensions() != b.dimensions() || a.count() != b.count()) {
            throw new IllegalArgumentException(a.count() + " subspaces in " + a.dimensions()
                    + " dimensions cannot be paired with " + b.count() + " in " + b.dimensions());
        }
        int count = a.count();
        double[][][][] products = new double[count][count][][];
        double[][] overlaps = new double[count][count];
        for (int k = 0; k < count; k++) {
            for (int l = 0; l < count; l++) {
                products[k][l] = product(a, k, b, l);
                overlaps[k][l] = meanSquaredCosine(products[k][l]);
            }
        }
        int[] matched = OneToOneAssignment.best(overlaps);
        double[] overlap = new double[count];
        double[][] degrees = new double[count][];
        for (int k = 0; k < count; k++) {
            overlap[k] = overlaps[k][matched[k]];
            degrees[k] = degrees(products[k][matched[k]]);
        }
        return new SubspaceAgreement(matched, overlap, degrees, 1. / count);
    }

    /** Compares every search with every later one: how stable a method is when only the random start changes. */
    public static List<SubspaceAgreement> pairwise(List<Subspaces> searches) {
        List<SubspaceAgreement> agreements = new ArrayList<>();
        for (int i = 0; i < searches.size(); i++) {
            for (int j = i + 1; j < searches.size(); j++) {
                agreements.add(of(searches.get(i), searches.get(j)));
            }
        }
        return agreements;
    }

    /** The mean overlap of the pairs. */
    public double meanOverlap() {
        double sum = 0;
        for (double value : overlap) {
            sum += value;
        }
        return sum / overlap.length;
    }

    /** U_k^T V_l, d x d. */
    private static double[][] product(Subspaces a, int k, Subspaces b, int l) {
        int dimensions = a.dimensions();
        int width = dimensions / a.count();
        double[][] product = new double[width][width];
        for (int row = 0; row < dimensions; row++) {
            for (int i = 0; i < width; i++) {
                double u = a.basis()[row * dimensions + k * width + i];
                for (int j = 0; j < width; j++) {
                    product[i][j] += u * b.basis()[row * dimensions + l * width + j];
                }
            }
        }
        return product;
    }

    private static double meanSquaredCosine(double[][] product) {
        double squares = 0;
        for (double[] row : product) {
            for (double value : row) {
                squares += value * value;
            }
        }
        return squares / product.length;
    }

    private static double[] degrees(double[][] product) {
        int width = product.length;
        double[][] gram = new double[width][width];
        for (double[] row : product) {
            for (int i = 0; i < width; i++) {
                for (int j = 0; j < width; j++) {
                    gram[i][j] += row[i] * row[j];
                }
            }
        }
        double[] squaredCosines = SymmetricEigen.decompose(gram).values();
        double[] degrees = new double[width];
        for (int i = 0; i < width; i++) {
            double cosine = Math.sqrt(Math.max(0, Math.min(1, squaredCosines[width - 1 - i])));
            degrees[i] = Math.toDegrees(Math.acos(cosine));
        }
        return degrees;
    }
}
