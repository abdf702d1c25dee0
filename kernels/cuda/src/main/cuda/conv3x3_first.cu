// The first layer: convolution 3x3 with stride 1, padding 1 and a single input channel; output channels a multiple of four.
//
//   forward  y[n,p,o] = f(bias[o] + sum over taps t: x[n, p + t - 1] * w[t,o])
//   input    dx[n,q] = sum over taps t and channels o: dy[n, q + 1 - t, o] * w[t,o]
//   weights  dw[t,o] = sum over n, p: x[n, p + t - 1] * dy[n,p,o],  dbias[o] = sum over n, p: dy[n,p,o]
//
// Cost of each: 18 * N H W * outChannels FLOPs for one pass over y (or dy): 4.5 FLOPs per byte, so memory is the limit (13 FLOPs per byte
// is where an H200's FMA units would be), and the kernels are made to touch y or dy once, in whole 128-byte lines. x is 1/outChannels of it
// and comes from the first-level cache.
//
// A value of x serves few FMAs here, so edges and addresses take two instructions of three (sm_90: 767 instructions for 288 FMAs in the
// weight gradient, 888 with pooling). At an H200's full clock that is 27 and 31 us for the first layer of the gtzan model at batch 64:
// about as long as memory takes.
//
// conv3x3_first: a thread computes 2 x 4 pixels of four channels with all their weights in registers. Neighbouring lanes take neighbouring
// channels.
// conv3x3_first_pool: the same, with ReLU and max-pooling of 2 x 2 (see conv3x3_pool.cu): half the bytes.
// conv3x3_first_input: a block stages dy of 10 x 34 pixels in shared memory, 16 channels at a time; a thread reads whole pixels there
// (pitch 20 floats: no bank conflicts) and forms the nine products of a pixel with the taps; then every pixel of dx adds up the nine that
// belong to it.
// conv3x3_first_weights: a thread sums over stretches of 8 pixels for four channels and nine taps; a block adds up its threads and writes
// its part as conv3x3_weights does. outChannels / 4 must divide 128.

#include "pool2x2.cuh"

// ROWS x COLUMNS values of image n of x from (y0, x0) on, zeros outside.
template <int ROWS, int COLUMNS>
__device__ __forceinline__ void loadWindow(const float* __restrict__ x, int n, int y0, int x0, int height, int width,
    float (&values)[ROWS][COLUMNS]) {
  const float* image = x + static_cast<long long>(n) * height * width;
#pragma unroll
  for (int i = 0; i < ROWS * COLUMNS; i++) {
    // Every load happens, at the nearest place inside: branches around them would take longer.
    int row = y0 + i / COLUMNS, column = x0 + i % COLUMNS;
    int rowInside = min(max(row, 0), height - 1), columnInside = min(max(column, 0), width - 1);
    float value = __ldg(image + rowInside * width + columnInside);
    values[i / COLUMNS][i % COLUMNS] = row == rowInside && column == columnInside ? value : 0.f;
  }
}

// The patch of 2 x 4 pixels and four channels that thread `index` of the grid computes, of patches over channels, columns, rows and images.
struct FirstPatch {
  int channel, x0, y0, n;
  float4 sum[8];

  // 32 bits are enough, and quick to divide: each thread stands for 128 bytes of y.
  __device__ __forceinline__ FirstPatch(unsigned index, int height, int width, int outChannels) {
    unsigned vectors = outChannels / 4, across = (width + 3) / 4, down = (height + 1) / 2;
    unsigned patch = index / vectors;
    channel = index % vectors * 4;
    x0 = patch % across * 4;
    y0 = patch / across % down * 2;
    n = patch / across / down;
  }

  __device__ __forceinline__ void multiply(const float* __restrict__ x, const float* __restrict__ w, int height, int width,
      int outChannels) {
    float in[4][6];
    loadWindow(x, n, y0 - 1, x0 - 1, height, width, in);
#pragma unroll
    for (int i = 0; i < 8; i++) {
      sum[i] = make_float4(0.f, 0.f, 0.f, 0.f);
    }
#pragma unroll
    for (int t = 0; t < 9; t++) {
      float4 weight = load4(w + t * outChannels + channel);
#pragma unroll
      for (int i = 0; i < 8; i++) {
        fma4(in[i / 4 + t / 3][i % 4 + t % 3], weight, sum[i]);
      }
    }
  }
};

extern "C" __global__ void __launch_bounds__(128) conv3x3_first(const float* __restrict__ x, const float* __restrict__ w,
    const float* __restrict__ bias, float* y, int batch, int height, int width, int outChannels, int relu) {
  FirstPatch patch(blockIdx.x * 128 + threadIdx.x, height, width, outChannels);
  if (patch.n >= batch) {
    return;
  }
  patch.multiply(x, w, height, width, outChannels);
  float4 b = bias == nullptr ? make_float4(0.f, 0.f, 0.f, 0.f) : load4(bias + patch.channel);
#pragma unroll
  for (int i = 0; i < 8; i++) {
    int row = patch.y0 + i / 4, column = patch.x0 + i % 4;
    if (row < height && column < width) {
      float4 value = add4(patch.sum[i], b);
      store4(y + ((static_cast<long long>(patch.n) * height + row) * width + column) * outChannels + patch.channel,
          relu ? rectified4(value) : value);
    }
  }
}

extern "C" __global__ void __launch_bounds__(128) conv3x3_first_pool(const float* __restrict__ x, const float* __restrict__ w,
    const float* __restrict__ bias, float* y, int* winners, int batch, int height, int width, int outChannels) {
  FirstPatch patch(blockIdx.x * 128 + threadIdx.x, height, width, outChannels);
  if (patch.n >= batch) {
    return;
  }
  patch.multiply(x, w, height, width, outChannels);
  float4 b = bias == nullptr ? make_float4(0.f, 0.f, 0.f, 0.f) : load4(bias + patch.channel);
  poolPatch(patch.sum, b, patch.n, patch.y0, patch.x0, height, width, outChannels, patch.channel, y, winners);
}

extern "C" __global__ void __launch_bounds__(128) conv3x3_first_input(const float* __restrict__ dy, const float* __restrict__ w, float* dx,
    int batch, int height, int width, int outChannels) {
  const int ROWS = 10, COLUMNS = 34, PIXELS = ROWS * COLUMNS, PITCH = 5;
  __shared__ float4 staged[PIXELS * PITCH];
  __shared__ float4 weights[9 * 4];
  __shared__ float products[9][PIXELS];
  int across = (width + 31) / 32, down = (height + 7) / 8;
  int x0 = blockIdx.x % across * 32, y0 = blockIdx.x / across % down * 8, n = blockIdx.x / across / down;
  float product[3][9];
#pragma unroll
  for (int i = 0; i < 27; i++) {
    product[i / 9][i % 9] = 0.f;
  }
  for (int channel = 0; channel < outChannels; channel += 16) {
    __syncthreads();
    for (int i = threadIdx.x; i < PIXELS * 4; i += 128) {
      int row = y0 + i / 4 / COLUMNS - 1, column = x0 + i / 4 % COLUMNS - 1, c = channel + i % 4 * 4;
      bool inside = row >= 0 && row < height && column >= 0 && column < width && c < outChannels;
      staged[i / 4 * PITCH + i % 4] = inside
          ? load4(dy + ((static_cast<long long>(n) * height + row) * width + column) * outChannels + c) : make_float4(0.f, 0.f, 0.f, 0.f);
    }
    if (threadIdx.x < 36) {
      int c = channel + threadIdx.x % 4 * 4;
      weights[threadIdx.x] = c < outChannels ? load4(w + threadIdx.x / 4 * outChannels + c) : make_float4(0.f, 0.f, 0.f, 0.f);
    }
    __syncthreads();
#pragma unroll
    for (int c = 0; c < 4; c++) {
      float4 value[3];
#pragma unroll
      for (int p = 0; p < 3; p++) {
        int pixel = threadIdx.x + p * 128;
        value[p] = pixel < PIXELS ? staged[pixel * PITCH + c] : make_float4(0.f, 0.f, 0.f, 0.f);
      }
#pragma unroll
      for (int t = 0; t < 9; t++) {
        float4 weight = weights[t * 4 + c];
#pragma unroll
        for (int p = 0; p < 3; p++) {
          product[p][t] = fmaf(value[p].x, weight.x, product[p][t]);
          product[p][t] = fmaf(value[p].y, weight.y, product[p][t]);
          product[p][t] = fmaf(value[p].z, weight.z, product[p][t]);
          product[p][t] = fmaf(value[p].w, weight.w, product[p][t]);
        }
      }
    }
  }
#pragma unroll
  for (int i = 0; i < 27; i++) {
    int pixel = threadIdx.x + i / 9 * 128;
    if (pixel < PIXELS) {
      products[i % 9][pixel] = product[i / 9][i % 9];
    }
  }
  __syncthreads();
  for (int i = threadIdx.x; i < 256; i += 128) {
    int row = i / 32, column = i % 32;
    if (y0 + row < height && x0 + column < width) {
      float sum = 0.f;
#pragma unroll
      for (int t = 0; t < 9; t++) {
        // dy at q + 1 - t; the staged tile begins one pixel above and left of the block.
        sum += products[t][(row + 2 - t / 3) * COLUMNS + column + 2 - t % 3];
      }
      dx[(static_cast<long long>(n) * height + y0 + row) * width + x0 + column] = sum;
    }
  }
}

// Sums value over the threads of the block that share a vector of channels; the first of them returns the sum.
__device__ __forceinline__ float4 sumOverBlock(const float4& value, int vectors, float4* memory) {
  __syncthreads();
  memory[threadIdx.x] = value;
  __syncthreads();
  float4 sum = value;
  if (threadIdx.x < vectors) {
    for (int i = threadIdx.x + vectors; i < 128; i += vectors) {
      sum = add4(sum, memory[i]);
    }
  }
  return sum;
}

extern "C" __global__ void __launch_bounds__(128) conv3x3_first_weights(const float* __restrict__ x, const float* __restrict__ dy,
    float* parts, int batch, int height, int width, int outChannels) {
  __shared__ float4 memory[128];
  int vectors = outChannels / 4;
  int channel = threadIdx.x % vectors * 4;
  unsigned across = (width + 7) / 8, stretches = batch * height * across;
  unsigned perBlock = 128 / vectors;
  float4 sum[9], biasSum = make_float4(0.f, 0.f, 0.f, 0.f);
#pragma unroll
  for (int t = 0; t < 9; t++) {
    sum[t] = biasSum;
  }
  for (unsigned index = blockIdx.x * perBlock + threadIdx.x / vectors; index < stretches; index += gridDim.x * perBlock) {
    int x0 = index % across * 8, y0 = index / across % height, n = index / across / height;
    const float* pixel = dy + ((static_cast<long long>(n) * height + y0) * width + x0) * outChannels + channel;
    float in[3][10];
    loadWindow(x, n, y0 - 1, x0 - 1, height, width, in);
#pragma unroll
    for (int p = 0; p < 8; p++) {
      float4 d = x0 + p < width ? load4(pixel + p * outChannels) : make_float4(0.f, 0.f, 0.f, 0.f);
#pragma unroll
      for (int t = 0; t < 9; t++) {
        fma4(in[t / 3][p + t % 3], d, sum[t]);
      }
      biasSum = add4(biasSum, d);
    }
  }
  float* part = parts + blockIdx.x * (10LL * outChannels);
#pragma unroll
  for (int t = 0; t < 9; t++) {
    float4 total = sumOverBlock(sum[t], vectors, memory);
    if (threadIdx.x < vectors) {
      store4(part + t * outChannels + channel, total);
    }
  }
  float4 total = sumOverBlock(biasSum, vectors, memory);
  if (threadIdx.x < vectors) {
    store4(part + 9 * outChannels + channel, total);
  }
}
