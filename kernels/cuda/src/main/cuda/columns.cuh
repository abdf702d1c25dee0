// Sums over the rows of matrices [rows, channels], in float64, over a partition that depends on rows and channels alone: blocks sum chunks
// of rows (sumColumns), then one block per channel adds the chunks (sumChunks). Blocks have 256 threads.
#pragma once
#include "reductions.cuh"

constexpr int THREADS = 256;

// Two sums over the rows of chunk blockIdx.y, for each channel of tile blockIdx.x: of the x and of the y that terms(r, c, r * channels + c)
// gives. A tile has `tile` channels, a power of two up to 32, that neighbouring threads read; 256 / tile rows are read at once.
// Writes partial[2 c][chunk] and partial[2 c + 1][chunk].
template <class Terms>
__device__ __forceinline__ void sumColumns(int rows, int channels, int tile, int chunkRows, double* partial, Terms terms) {
  __shared__ double first[THREADS];
  __shared__ double second[THREADS];
  const int column = threadIdx.x & (tile - 1);
  const int rowsAtOnce = THREADS / tile;
  const int c = blockIdx.x * tile + column;
  double sum1 = 0;
  double sum2 = 0;
  if (c < channels) {
    const long long from = (long long)blockIdx.y * chunkRows;
    const int to = (int)min((long long)rows, from + chunkRows);
#pragma unroll 4
    for (int r = (int)from + threadIdx.x / tile; r < to; r += rowsAtOnce) {
      const double2 term = terms(r, c, (long long)r * channels + c);
      sum1 += term.x;
      sum2 += term.y;
    }
  }
  first[threadIdx.x] = sum1;
  second[threadIdx.x] = sum2;
  for (int half = THREADS / 2; half >= tile; half /= 2) {
    __syncthreads();
    if ((int)threadIdx.x < half) {
      first[threadIdx.x] += first[threadIdx.x + half];
      second[threadIdx.x] += second[threadIdx.x + half];
    }
  }
  // Thread `column` itself has added what it now writes.
  if ((int)threadIdx.x < tile && c < channels) {
    partial[2LL * c * gridDim.y + blockIdx.y] = first[column];
    partial[(2LL * c + 1) * gridDim.y + blockIdx.y] = second[column];
  }
}

// The sum over chunks of one row of `partial`; every thread of the block gets it.
__device__ __forceinline__ double sumChunks(const double* partial, long long row, int chunks) {
  double sum = 0;
  for (int chunk = threadIdx.x; chunk < chunks; chunk += THREADS) {
    sum += partial[row * chunks + chunk];
  }
  return sumOverBlock(sum);
}
