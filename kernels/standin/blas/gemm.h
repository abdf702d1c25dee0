// Matrix products on the CPU, for the stand-ins of cuBLAS and cuDNN.
#pragma once

namespace standin {

/// C = alpha op(A) op(B) + beta C with matrices stored by columns: op(A) is m x k, op(B) k x n, C m x n; element (i, j) of a matrix that is
/// not transposed lies at i + j * its leading dimension. Sums in T, float or double, over pieces of k that are then added, as GPUs do.
/// With beta 0, C is not read.
template <typename T>
void gemm(bool transposeA, bool transposeB, int m, int n, int k, T alpha, const T* a, long long lda, const T* b, long long ldb, T beta,
    T* c, long long ldc);

}
