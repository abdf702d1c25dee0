#include "gemm.h"

#include <algorithm>
#include <vector>

namespace standin {

namespace {

// A tile of C that fits the vector registers, and the length of a partial sum.
template <typename T>
constexpr int kRows = 64 / sizeof(T);
constexpr int kColumns = 4, kDepth = 256;

/// sum[j][i] = sum over p of a[p][i] b[p][j], with packed operands.
template <typename T>
void tile(int depth, const T* __restrict__ a, const T* __restrict__ b, T (&sum)[kColumns][kRows<T>]) {
  constexpr int rows = kRows<T>;
  T part[kColumns][rows] = {};
  for (int p = 0; p < depth; p++) {
    for (int j = 0; j < kColumns; j++) {
      T factor = b[p * kColumns + j];
      for (int i = 0; i < rows; i++) part[j][i] += a[p * rows + i] * factor;
    }
  }
  for (int j = 0; j < kColumns; j++) {
    for (int i = 0; i < rows; i++) sum[j][i] = part[j][i];
  }
}

/// Packs `count` rows, from row `first`, of k columns: panels of `width` rows, column by column, short ones filled with 0.
template <typename T>
void pack(bool transpose, const T* x, long long ld, int rows, int width, int firstColumn, int columns, std::vector<T>& packed) {
  int panels = (rows + width - 1) / width;
  packed.assign(static_cast<size_t>(panels) * width * columns, 0);
  for (int r = 0; r < rows; r++) {
    T* target = &packed[static_cast<size_t>(r / width) * width * columns + r % width];
    for (int p = 0; p < columns; p++) {
      long long column = firstColumn + p;
      target[static_cast<size_t>(p) * width] = transpose ? x[column + r * ld] : x[r + column * ld];
    }
  }
}

}

template <typename T>
void gemm(bool transposeA, bool transposeB, int m, int n, int k, T alpha, const T* a, long long lda, const T* b, long long ldb, T beta,
    T* c, long long ldc) {
  static thread_local std::vector<T> packedA, packedB, sums;
  sums.assign(static_cast<size_t>(m) * n, 0);
  for (int first = 0; first < k; first += kDepth) {
    int depth = std::min(kDepth, k - first);
    pack(transposeA, a, lda, m, kRows<T>, first, depth, packedA);
    pack(!transposeB, b, ldb, n, kColumns, first, depth, packedB);
    for (int column = 0; column < n; column += kColumns) {
      for (int row = 0; row < m; row += kRows<T>) {
        T part[kColumns][kRows<T>];
        tile(depth, &packedA[static_cast<size_t>(row) * depth], &packedB[static_cast<size_t>(column) * depth], part);
        for (int j = 0; j < std::min(kColumns, n - column); j++) {
          for (int i = 0; i < std::min(kRows<T>, m - row); i++) sums[row + i + static_cast<size_t>(column + j) * m] += part[j][i];
        }
      }
    }
  }
  for (int j = 0; j < n; j++) {
    for (int i = 0; i < m; i++) {
      T product = alpha * sums[i + static_cast<size_t>(j) * m];
      T& target = c[i + j * ldc];
      target = beta == 0 ? product : product + beta * target;
    }
  }
}

template void gemm(bool, bool, int, int, int, float, const float*, long long, const float*, long long, float, float*, long long);
template void gemm(bool, bool, int, int, int, double, const double*, long long, const double*, long long, double, double*, long long);

}
