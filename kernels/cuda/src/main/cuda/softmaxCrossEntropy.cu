// losses[n] = log(sum_c exp(z[n, c])) - z[n, label[n]]
// dz[n, c]  = (softmax(z)[n, c] - [c = label[n]]) / batch
// The largest logit is taken out first, so that no exponential overflows. About 10 FLOPs in float64 per logit (an exponential is some 20
// instructions and is computed twice instead of being kept), 12 bytes per logit, of which the second read comes from the cache.
// One warp takes one row, so that 64 x 10 logits, the usual size, are over in a few microseconds; rows are strided over the grid.
// A kernel cannot throw, so a label that is no class gives a loss of NaN.
#include "reductions.cuh"

__device__ __forceinline__ double largestOverWarp(double value) {
  for (int distance = 16; distance > 0; distance /= 2) {
    value = fmax(value, __shfl_xor_sync(0xffffffffu, value, distance));
  }
  return value;
}

extern "C" __global__ void softmaxCrossEntropy(int classes, const float* __restrict__ logits, const int* __restrict__ labels, float* losses,
                                               float* dlogits, int batch) {
  const int lane = threadIdx.x % 32;
  const int warps = gridDim.x * (blockDim.x / 32);
  for (int n = (blockIdx.x * blockDim.x + threadIdx.x) / 32; n < batch; n += warps) {
    const float* z = logits + (long long)n * classes;
    float* dz = dlogits + (long long)n * classes;
    const int label = labels[n];
    double largest = -INFINITY;
    for (int c = lane; c < classes; c += 32) {
      largest = fmax(largest, (double)z[c]);
    }
    largest = largestOverWarp(largest);
    double sum = 0;
    for (int c = lane; c < classes; c += 32) {
      sum += exp(z[c] - largest);
    }
    sum = sumOverLanes(sum, 32);
    for (int c = lane; c < classes; c += 32) {
      dz[c] = (float)((exp(z[c] - largest) / sum - (c == label ? 1 : 0)) / batch);
    }
    if (lane == 0) {
      losses[n] = label >= 0 && label < classes ? (float)(largest + log(sum) - z[label]) : NAN;
    }
  }
}
