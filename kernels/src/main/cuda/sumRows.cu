// sums[r] = sum over c < width: x[r, c], and positiveSums[r] = sum over c: max(x[r, c], 0) where that pointer is not null; in float64,
// rounded once.        1 FLOP (2) and 4 bytes per value.
// Versions:
//   sumRows          rows of up to 2048 values: the smallest power of two of lanes that covers a row, at most a warp, takes it
//   sumRowSegments   longer rows: a block sums 16384 values of a row, with float4 where rows begin at multiples of four values ...
//   sumSegments      ... and a group of lanes, as in sumRows, adds a row's segments.
// The cut depends on the width alone, so the order of a sum does too. sums may be the memory of x where width is 1.
#include "reductions.cuh"

constexpr int SEGMENT = 16384;

// max(v, 0) that keeps NaN.
__device__ __forceinline__ double positive(float v) {
  return v <= 0 ? 0.f : v;
}

extern "C" __global__ void sumRows(int width, int lanes, const float* x, float* sums, float* positiveSums, long long rows) {
  const int lane = threadIdx.x & (lanes - 1);
  forEachRowOfLanes(lanes, rows, [=](long long row, bool active) {
    const int end = active ? width : 0;
    double sum = 0;
    double positiveSum = 0;
#pragma unroll 4
    for (int c = lane; c < end; c += lanes) {
      const float v = x[row * width + c];
      sum += v;
      positiveSum += positiveSums ? positive(v) : 0;
    }
    sum = sumOverLanes(sum, lanes);
    positiveSum = sumOverLanes(positiveSum, lanes);
    if (active && lane == 0) {
      sums[row] = (float)sum;
      if (positiveSums) {
        positiveSums[row] = (float)positiveSum;
      }
    }
  });
}

extern "C" __global__ void sumSegments(int segments, int lanes, const double* __restrict__ ofSegments, float* sums, long long rows) {
  const int lane = threadIdx.x & (lanes - 1);
  forEachRowOfLanes(lanes, rows, [=](long long row, bool active) {
    double sum = 0;
    for (int segment = lane; segment < (active ? segments : 0); segment += lanes) {
      sum += ofSegments[row * segments + segment];
    }
    sum = sumOverLanes(sum, lanes);
    if (active && lane == 0) {
      sums[row] = (float)sum;
    }
  });
}

// Block (segment, row) writes ofSegments[row, segment], and the same of positive values.
extern "C" __global__ void sumRowSegments(int width, const float* __restrict__ x, double* ofSegments, double* positiveOfSegments,
                                          int rows) {
  const int from = blockIdx.x * SEGMENT;
  const int to = min(width, from + SEGMENT);
  for (int row = blockIdx.y; row < rows; row += gridDim.y) {
    const float* values = x + (long long)row * width;
    double sum = 0;
    double positiveSum = 0;
    if (width % 4 == 0) {
#pragma unroll 4
      for (int c = from + 4 * threadIdx.x; c < to; c += 4 * blockDim.x) {
        const float4 v = *reinterpret_cast<const float4*>(values + c);
        sum += ((double)v.x + v.y) + ((double)v.z + v.w);
        positiveSum += positiveOfSegments ? (positive(v.x) + positive(v.y)) + (positive(v.z) + positive(v.w)) : 0;
      }
    } else {
#pragma unroll 4
      for (int c = from + threadIdx.x; c < to; c += blockDim.x) {
        sum += values[c];
        positiveSum += positiveOfSegments ? positive(values[c]) : 0;
      }
    }
    sum = sumOverBlock(sum);
    positiveSum = sumOverBlock(positiveSum);
    if (threadIdx.x == 0) {
      ofSegments[(long long)row * gridDim.x + blockIdx.x] = sum;
      if (positiveOfSegments) {
        positiveOfSegments[(long long)row * gridDim.x + blockIdx.x] = positiveSum;
      }
    }
  }
}
