// Adding up what blocks computed apart, in the order of the parts.
//
//   conv_combine       y[i] = f(bias[i mod channels] + sum over s: parts[s][i])   few parts of a large result: split input channels
//   conv_combine_divide   q[m,i] = r[m,i] / s(z[i]), z[i] = bias[i mod channels] + sum over s: parts[s][i], for every map m
//   conv_combine_divide_winners   q[m,i] = r[m,i] / s(z[winner of window i]), behind max-pooling of any kind
//   conv_combine_product  out[i] (+)= alpha * x[i mod xSize] * sum over s: parts[s][i]
//   conv_combine_pool     y, winners = maxPool(max(0, bias + sum over s: parts[s])) for windows of 2 x 2; channels a multiple of four
//   conv_reduce_parts  dw[i] = sum over s: parts[s][i] for i < weights; dbias[i - weights] the rest   many parts, small
//   add_bias_relu      y[i] = f(y[i] + bias[i mod channels])                      after a matrix product of cuBLAS; bias may be null
//
// Cost: one FLOP per 4 bytes read: memory (or the second-level cache, which still holds the parts) is the limit. In conv_reduce_parts 8
// rows of threads take every eighth part each, so that enough loads are under way; their sums are then added in order.

#include "pool2x2.cuh"
#include "relevance.cuh"
#include "vectors4.cuh"

// i mod period; division of 64-bit numbers takes many times longer than the rest of these kernels.
__device__ __forceinline__ long long inPeriod(long long i, long long period) {
  return (i | period) >> 32 == 0 ? static_cast<unsigned>(i) % static_cast<unsigned>(period) : i % period;
}

extern "C" __global__ void conv_combine(const float* __restrict__ parts, int count, long long size, const float* __restrict__ bias,
    int channels, int relu, float* y) {
  for (long long i = (blockIdx.x * static_cast<long long>(blockDim.x) + threadIdx.x) * 4; i < size;
       i += static_cast<long long>(gridDim.x) * blockDim.x * 4) {
    float4 sum = load4(parts + i);
    for (int s = 1; s < count; s++) {
      sum = add4(sum, load4(parts + s * size + i));
    }
    if (bias != nullptr) {
      sum = add4(sum, load4(bias + inPeriod(i, channels)));
    }
    store4(y + i, relu ? rectified4(sum) : sum);
  }
}

__device__ __forceinline__ float sumOfParts(const float* __restrict__ parts, int count, long long size, long long i) {
  float sum = __ldg(parts + i);
  for (int s = 1; s < count; s++) {
    sum += __ldg(parts + s * size + i);
  }
  return sum;
}

extern "C" __global__ void conv_combine_divide(const float* __restrict__ parts, int count, long long size, const float* __restrict__ bias,
    int channels, float eps, const float* __restrict__ r, int maps, float* q) {
  for (long long i = blockIdx.x * static_cast<long long>(blockDim.x) + threadIdx.x; i < size;
       i += static_cast<long long>(gridDim.x) * blockDim.x) {
    float z = sumOfParts(parts, count, size, i) + (bias == nullptr ? 0.f : __ldg(bias + inPeriod(i, channels)));
    for (int m = 0; m < maps; m++) {
      q[m * size + i] = stabilizedQuotient(__ldg(r + m * size + i), z, eps);
    }
  }
}

// size: values of z; windows and cells: values of an image of r, and cells of an image of z; pooled: values of a map of r, less than 2^31.
extern "C" __global__ void conv_combine_divide_winners(const float* __restrict__ parts, int count, long long size,
    const float* __restrict__ bias, int channels, float eps, const float* __restrict__ r, const int* __restrict__ winners, int maps, float* q,
    int pooled, int windows, int cells) {
  for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < pooled; i += gridDim.x * blockDim.x) {
    int channel = i % channels;
    long long cell = static_cast<long long>(i / windows) * cells + __ldg(winners + i);
    float z = sumOfParts(parts, count, size, cell * channels + channel) + (bias == nullptr ? 0.f : __ldg(bias + channel));
    for (int m = 0; m < maps; m++) {
      long long at = static_cast<long long>(m) * pooled + i;
      q[at] = stabilizedQuotient(__ldg(r + at), z, eps);
    }
  }
}

extern "C" __global__ void conv_combine_product(const float* __restrict__ parts, int count, long long size, const float* __restrict__ x,
    long long xSize, float alpha, int add, float* out) {
  for (long long i = blockIdx.x * static_cast<long long>(blockDim.x) + threadIdx.x; i < size;
       i += static_cast<long long>(gridDim.x) * blockDim.x) {
    out[i] = relevanceShare(alpha, __ldg(x + inPeriod(i, xSize)), sumOfParts(parts, count, size, i), add != 0, add != 0 ? out[i] : 0.f);
  }
}

extern "C" __global__ void conv_combine_pool(const float* __restrict__ parts, int count, long long size, const float* __restrict__ bias,
    int batch, int height, int width, int channels, float* y, int* winners) {
  // 32 bits are enough, and quick to divide: each turn stands for 64 bytes of the activation.
  unsigned vectors = channels / 4, across = width / 2, down = height / 2;
  unsigned windows = batch * down * across * vectors;
  for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < windows; i += gridDim.x * blockDim.x) {
    int channel = i % vectors * 4;
    unsigned window = i / vectors;
    int px = window % across, py = window / across % down;
    long long n = window / across / down;
    float4 b = bias == nullptr ? make_float4(0.f, 0.f, 0.f, 0.f) : load4(bias + channel);
    float4 cell[4];
#pragma unroll
    for (int j = 0; j < 4; j++) {
      const float* source = parts + ((n * height + 2 * py + j / 2) * width + 2 * px + j % 2) * channels + channel;
      cell[j] = load4(source);
      for (int s = 1; s < count; s++) {
        cell[j] = add4(cell[j], load4(source + s * size));
      }
      cell[j] = rectified4(add4(cell[j], b));
    }
    float4 best;
    int4 winner;
    poolWindow(cell[0], cell[1], cell[2], cell[3], 2 * py * width + 2 * px, width, best, winner);
    store4(y + i * 4LL, best);
    *reinterpret_cast<int4*>(winners + i * 4LL) = winner;
  }
}

extern "C" __global__ void __launch_bounds__(256) conv_reduce_parts(const float* __restrict__ parts, int count, int size, int weights,
    float* dw, float* dbias) {
  __shared__ float sums[8][33];
  int i = blockIdx.x * 32 + threadIdx.x;
  float sum = 0.f;
  if (i < size) {
#pragma unroll 8
    for (int s = threadIdx.y; s < count; s += 8) {
      sum += __ldg(parts + static_cast<long long>(s) * size + i);
    }
  }
  sums[threadIdx.y][threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.y == 0 && i < size) {
    for (int row = 1; row < 8; row++) {
      sum += sums[row][threadIdx.x];
    }
    if (i < weights) {
      dw[i] = sum;
    } else if (dbias != nullptr) {
      dbias[i - weights] = sum;
    }
  }
}

extern "C" __global__ void add_bias_relu(float* y, const float* __restrict__ bias, long long size, int channels, int relu) {
  for (long long i = blockIdx.x * static_cast<long long>(blockDim.x) + threadIdx.x; i < size;
       i += static_cast<long long>(gridDim.x) * blockDim.x) {
    float value = bias == nullptr ? y[i] : y[i] + __ldg(bias + inPeriod(i, channels));
    y[i] = relu ? rectified(value) : value;
  }
}
