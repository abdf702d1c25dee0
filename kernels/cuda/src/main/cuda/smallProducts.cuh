// Products of n x n matrices in float64, one for each start. Block (x, y, start) of 256 threads computes a tile of 16 x 16; thread (tx, ty) is
// t = 16 ty + tx. At n 128 that is 192 blocks for 3 starts, which mostly wait for memory: 3 to 4 us (counted, not measured).
#pragma once

constexpr int TILE = 16;
constexpr int DEPTH = 32;
constexpr int PRODUCT_THREADS = TILE * TILE;

__device__ __forceinline__ int tileRow() {
  return blockIdx.y * TILE + threadIdx.x / TILE;
}

__device__ __forceinline__ int tileColumn() {
  return blockIdx.x * TILE + threadIdx.x % TILE;
}

// Copies op(matrix)[line, k] for 16 lines and 32 k into shared memory, zeros outside. Transposed: matrix[k, line].
template <bool transposed, typename T>
__device__ __forceinline__ void loadTile(const T* matrix, int n, int firstLine, int firstK, double (*tile)[DEPTH + 1]) {
  for (int i = threadIdx.x; i < TILE * DEPTH; i += PRODUCT_THREADS) {
    const int line = transposed ? i % TILE : i / DEPTH;
    const int k = transposed ? i / TILE : i % DEPTH;
    const bool inside = firstLine + line < n && firstK + k < n;
    const int index = transposed ? (firstK + k) * n + firstLine + line : (firstLine + line) * n + firstK + k;
    tile[line][k] = inside ? static_cast<double>(matrix[index]) : 0.0;
  }
}

// (op(A) op(B))[row, column] of this thread. Where asked, also the squared lengths of row and column: for A^T A those of the two columns
// of A.
template <bool transposeA, bool transposeB, bool lengths, typename A, typename B>
__device__ __forceinline__ double product(int n, const A* a, const B* b, double* rowLength, double* columnLength) {
  __shared__ double tileA[TILE][DEPTH + 1];
  __shared__ double tileB[TILE][DEPTH + 1];
  const int y = threadIdx.x / TILE;
  const int x = threadIdx.x % TILE;
  double sum = 0.0;
  for (int k = 0; k < n; k += DEPTH) {
    loadTile<transposeA>(a, n, blockIdx.y * TILE, k, tileA);
    loadTile<!transposeB>(b, n, blockIdx.x * TILE, k, tileB);
    __syncthreads();
#pragma unroll
    for (int i = 0; i < DEPTH; i++) {
      sum += tileA[y][i] * tileB[x][i];
      if (lengths) {
        *rowLength += tileA[y][i] * tileA[y][i];
        *columnLength += tileB[x][i] * tileB[x][i];
      }
    }
    __syncthreads();
  }
  return sum;
}

template <bool transposeA, bool transposeB, typename A, typename B>
__device__ __forceinline__ double product(int n, const A* a, const B* b) {
  return product<transposeA, transposeB, false>(n, a, b, nullptr, nullptr);
}

__device__ __forceinline__ long long ofStart(int n) {
  return static_cast<long long>(blockIdx.z) * n * n;
}
