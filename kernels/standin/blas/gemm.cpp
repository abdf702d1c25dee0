#include "gemm.h"

#include <algorithm>
#include <vector>

namespace standin {

namespace {

// A tile of C that fits the vector registers, and the length of a partial sum.
constexpr int kRows = 16, kColumns = 4, kDepth = 256;

/// sum[j][i] = sum over p of a[p][i] b[p][j], with packed operands.
void tile(int depth, const float* __restrict__ a, const float* __restrict__ b, float (&sum)[kColumns][kRows]) {
  float part[kColumns][kRows] = {};
  for (int p = 0; p < depth; p++) {
    for (int j = 0; j < kColumns; j++) {
      float factor = b[p * kColumns + j];
      for (int i = 0; i < kRows; i++) part[j][i] += a[p * kRows + i] * factor;
    }
  }
  for (int j = 0; j < kColumns; j++) {
    for (int i = 0; i < kRows; i++) sum[j][i] = part[j][i];
  }
}

/// Packs `count` rows, from row `first`, of k columns: panels of `width` rows, column by column, short ones filled with 0.
void pack(bool transpose, const float* x, long long ld, int rows, int width, int firstColumn, int columns, std::vector<float>& packed) {
  int panels = (rows + width - 1) / width;
  packed.assign(static_cast<size_t>(panels) * width * columns, 0);
  for (int r = 0; r < rows; r++) {
    float* target = &packed[static_cast<size_t>(r / width) * width * columns + r % width];
    for (int p = 0; p < columns; p++) {
      long long column = firstColumn + p;
      target[static_cast<size_t>(p) * width] = transpose ? x[column + r * ld] : x[r + column * ld];
    }
  }
}

}

void gemm(bool transposeA, bool transposeB, int m, int n, int k, float alpha, const float* a, long long lda, const float* b,
    long long ldb, float beta, float* c, long long ldc) {
  static thread_local std::vector<float> packedA, packedB, sums;
  sums.assign(static_cast<size_t>(m) * n, 0);
  for (int first = 0; first < k; first += kDepth) {
    int depth = std::min(kDepth, k - first);
    pack(transposeA, a, lda, m, kRows, first, depth, packedA);
    pack(!transposeB, b, ldb, n, kColumns, first, depth, packedB);
    for (int column = 0; column < n; column += kColumns) {
      for (int row = 0; row < m; row += kRows) {
        float part[kColumns][kRows];
        tile(depth, &packedA[static_cast<size_t>(row) * depth], &packedB[static_cast<size_t>(column) * depth], part);
        for (int j = 0; j < std::min(kColumns, n - column); j++) {
          for (int i = 0; i < std::min(kRows, m - row); i++) sums[row + i + static_cast<size_t>(column + j) * m] += part[j][i];
        }
      }
    }
  }
  for (int j = 0; j < n; j++) {
    for (int i = 0; i < m; i++) {
      float product = alpha * sums[i + static_cast<size_t>(j) * m];
      float& target = c[i + j * ldc];
      target = beta == 0 ? product : product + beta * target;
    }
  }
}

}
