// The softmax of every row of x [rows, width]; sums are float64.
//   softmax           y = exp(x - largest) / sum of exp(x - largest)
//   softmaxBackward   dx = y (dy - sum over the row: y dy); the rows of y repeat
// Cost per value: forward an exponential and 8 bytes, backward 4 FLOPs and 12 bytes.
// The smallest power of two of lanes that covers a row, at most a warp, takes it, and reads it again from the cache.
#include "reductions.cuh"

__device__ __forceinline__ float largestOverLanes(float value, int lanes) {
  for (int distance = lanes / 2; distance > 0; distance /= 2) {
    value = fmaxf(value, __shfl_xor_sync(0xffffffffu, value, distance));
  }
  return value;
}

extern "C" __global__ void softmax(int width, int lanes, const float* __restrict__ x, float* __restrict__ y, int rows) {
  const int lane = threadIdx.x & (lanes - 1);
  forEachRowOfLanes(lanes, rows, [=](long long row, bool active) {
    const int end = active ? width : 0;
    const float* values = x + row * width;
    float* result = y + row * width;
    float largest = -INFINITY;
    for (int c = lane; c < end; c += lanes) {
      largest = fmaxf(largest, values[c]);
    }
    largest = largestOverLanes(largest, lanes);
    double sum = 0;
    for (int c = lane; c < end; c += lanes) {
      const double power = exp((double)values[c] - largest);
      result[c] = (float)power;
      sum += power;
    }
    const double factor = 1 / sumOverLanes(sum, lanes);
    for (int c = lane; c < end; c += lanes) {
      result[c] = (float)(result[c] * factor);
    }
  });
}

extern "C" __global__ void softmaxBackward(int width, int lanes, const float* __restrict__ y, int rowsOfY, const float* __restrict__ dy,
                                           float* __restrict__ dx, int rows) {
  const int lane = threadIdx.x & (lanes - 1);
  forEachRowOfLanes(lanes, rows, [=](long long row, bool active) {
    const int end = active ? width : 0;
    const float* output = y + row % rowsOfY * width;
    const float* gradient = dy + row * width;
    double sum = 0;
    for (int c = lane; c < end; c += lanes) {
      sum += (double)output[c] * gradient[c];
    }
    sum = sumOverLanes(sum, lanes);
    for (int c = lane; c < end; c += lanes) {
      dx[row * width + c] = (float)(output[c] * (gradient[c] - sum));
    }
  });
}
