// sums[r] = sum over c < width: x[r, c], in float64, rounded once.        1 FLOP and 4 bytes per value.
// Versions:
//   sumRows          rows of up to 512 values: the smallest power of two of lanes that covers a row, at most a warp, takes it
//   sumRowSegments   longer rows: a block sums 16384 values of a row, with float4 where rows begin at multiples of four values ...
//   sumSegments      ... and where that is not all of a row, a group of lanes, as in sumRows, adds a row's segments.
// The cut depends on the width alone, so the order of a sum does too. sums may be the memory of x where width is 1.
#include "reductions.cuh"

constexpr int SEGMENT = 16384;

template <class T>
__device__ __forceinline__ void sumByLanes(int width, int lanes, const T* x, float* sums, long long rows) {
  const int lane = threadIdx.x & (lanes - 1);
  forEachRowOfLanes(lanes, rows, [=](long long row, bool active) {
    const int end = active ? width : 0;
    double sum = 0;
#pragma unroll 4
    for (int c = lane; c < end; c += lanes) {
      sum += x[row * width + c];
    }
    sum = sumOverLanes(sum, lanes);
    if (active && lane == 0) {
      sums[row] = (float)sum;
    }
  });
}

extern "C" __global__ void sumRows(int width, int lanes, const float* x, float* sums, long long rows) {
  sumByLanes(width, lanes, x, sums, rows);
}

extern "C" __global__ void sumSegments(int segments, int lanes, const double* segmentSums, float* sums, long long rows) {
  sumByLanes(segments, lanes, segmentSums, sums, rows);
}

// Block (segment, row) writes segmentSums[row, segment], or sums[row] if there is one segment only.
extern "C" __global__ void sumRowSegments(int width, const float* __restrict__ x, double* segmentSums, float* sums, int rows) {
  const int from = blockIdx.x * SEGMENT;
  const int to = min(width, from + SEGMENT);
  for (int row = blockIdx.y; row < rows; row += gridDim.y) {
    const float* values = x + (long long)row * width;
    double sum = 0;
    if (width % 4 == 0) {
#pragma unroll 4
      for (int c = from + 4 * threadIdx.x; c < to; c += 4 * blockDim.x) {
        const float4 v = *reinterpret_cast<const float4*>(values + c);
        sum += ((double)v.x + v.y) + ((double)v.z + v.w);
      }
    } else {
#pragma unroll 4
      for (int c = from + threadIdx.x; c < to; c += blockDim.x) {
        sum += values[c];
      }
    }
    sum = sumOverBlock(sum);
    if (threadIdx.x == 0 && gridDim.x == 1) {
      sums[row] = (float)sum;
    } else if (threadIdx.x == 0) {
      segmentSums[(long long)row * gridDim.x + blockIdx.x] = sum;
    }
  }
}
