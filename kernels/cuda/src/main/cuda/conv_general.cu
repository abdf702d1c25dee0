// Any convolution: strides, dilation, padding, groups, any number of channels.
//
// Both directions are one form, in which `in` is x (or dy) and spread - 1 zeros lie between its pixels:
//
//   out[n,p,o] = f(bias[o] + sum over taps t and channels k of the group: in[n, (p * stride + t * dilation - pad) / spread, k] * w[t,k,o])
//
// Forwards spread is 1. The input gradient has stride 1, spread = the forward stride, pad = dilation * (kernel - 1) - the forward pad, and
// reads w as w[last - t][o][k] (flag towardsInput). Taps that fall between pixels or outside are zeros.
//
//   weights  dw[t,i,o] = sum over n, p: x[n, p * stride + t * dilation - pad, i] * dy[n,p,o]
//   bias     dbias[o] = sum over n, p: dy[n,p,o]
//
// Cost: 2 * outputs * taps * channels of a group FLOPs (times stride^2 towards the input); inputs are read once for every tap and 64
// outputs.
//
// Versions: conv_gemm and conv_gemm_weights are implicit GEMMs with 64 x 64 outputs to a block of 128 threads, 16 steps of the sum at a
// time in shared memory, 8 x 4 sums to a thread (3 loads of 16 bytes for 32 FMAs). conv_direct and conv_direct_weights, one thread for each
// output or weight, serve groups with fewer than 16 output channels, which would leave most of a block idle. The weight gradients and
// conv_bias write parts for conv_reduce_parts, since their sums run over all pixels.

#include "vectors4.cuh"

struct Geometry {
  int batch, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels;
  int kernelHeight, kernelWidth, strideY, strideX, padY, padX, dilationY, dilationX, spreadY, spreadX, groups;

  __device__ __forceinline__ int groupIn() const { return inChannels / groups; }
  __device__ __forceinline__ int groupOut() const { return outChannels / groups; }
  __device__ __forceinline__ int taps() const { return kernelHeight * kernelWidth; }
  __device__ __forceinline__ long long pixels() const { return static_cast<long long>(batch) * outHeight * outWidth; }

  // Where the input pixel of a tap is, counted in pixels of all images, or -1. y and x are p * stride - pad.
  __device__ __forceinline__ long long inputPixel(int n, int y, int x, int tap) const {
    int iy = y + tap / kernelWidth * dilationY, ix = x + tap % kernelWidth * dilationX;
    bool onPixel = iy >= 0 && ix >= 0 && iy % spreadY == 0 && ix % spreadX == 0;
    iy /= spreadY;
    ix /= spreadX;
    return onPixel && iy < inHeight && ix < inWidth ? (static_cast<long long>(n) * inHeight + iy) * inWidth + ix : -1;
  }

  // Index into w of tap t, input channel k and output channel o of a group.
  __device__ __forceinline__ int weight(int t, int group, int k, int o, bool towardsInput) const {
    return towardsInput ? ((taps() - 1 - t) * groupOut() + o) * inChannels + group * groupIn() + k
                        : (t * groupIn() + k) * outChannels + group * groupOut() + o;
  }
};

struct OutputPixel {
  int n, y, x;

  // y and x become p * stride - pad.
  __device__ __forceinline__ OutputPixel(const Geometry& g, long long pixel)
      : n(static_cast<int>(pixel / g.outWidth / g.outHeight)),
        y(static_cast<int>(pixel / g.outWidth % g.outHeight) * g.strideY - g.padY),
        x(static_cast<int>(pixel % g.outWidth) * g.strideX - g.padX) {}
};

// Sums of 8 rows x 4 columns.
struct Block8x4 {
  float4 sum[8];
  int row, column;

  __device__ __forceinline__ Block8x4() : row(threadIdx.x / 16 * 8), column(threadIdx.x % 16 * 4) {
#pragma unroll
    for (int i = 0; i < 8; i++) {
      sum[i] = make_float4(0.f, 0.f, 0.f, 0.f);
    }
  }

  // Adds 16 steps: a[step][64 rows], b[step][64 columns], each step 68 floats long.
  __device__ __forceinline__ void multiply(const float* a, const float* b) {
#pragma unroll
    for (int step = 0; step < 16; step++) {
      float4 top = *reinterpret_cast<const float4*>(a + step * 68 + row);
      float4 bottom = *reinterpret_cast<const float4*>(a + step * 68 + row + 4);
      float4 across = *reinterpret_cast<const float4*>(b + step * 68 + column);
      fma4(top.x, across, sum[0]);
      fma4(top.y, across, sum[1]);
      fma4(top.z, across, sum[2]);
      fma4(top.w, across, sum[3]);
      fma4(bottom.x, across, sum[4]);
      fma4(bottom.y, across, sum[5]);
      fma4(bottom.z, across, sum[6]);
      fma4(bottom.w, across, sum[7]);
    }
  }
};

__device__ __forceinline__ float component(const float4& v, int i) { return i == 0 ? v.x : i == 1 ? v.y : i == 2 ? v.z : v.w; }

extern "C" __global__ void __launch_bounds__(128) conv_gemm(const float* __restrict__ in, const float* __restrict__ w,
    const float* __restrict__ bias, float* out, int batch, int inHeight, int inWidth, int inChannels, int outHeight, int outWidth,
    int outChannels, int kernelHeight, int kernelWidth, int strideY, int strideX, int padY, int padX, int dilationY, int dilationX,
    int spreadY, int spreadX, int groups, int towardsInput, int relu) {
  __shared__ float4 aMemory[16 * 17];
  __shared__ float4 bMemory[16 * 17];
  __shared__ int pixelN[64], pixelY[64], pixelX[64];
  Geometry g = {batch, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, kernelHeight, kernelWidth, strideY, strideX, padY,
      padX, dilationY, dilationX, spreadY, spreadX, groups};
  float* a = reinterpret_cast<float*>(aMemory);
  float* b = reinterpret_cast<float*>(bMemory);
  int columnBlocks = (g.groupOut() + 63) / 64;
  int group = blockIdx.y / columnBlocks, firstOut = blockIdx.y % columnBlocks * 64;
  long long firstPixel = blockIdx.x * 64LL;
  if (threadIdx.x < 64) {
    bool exists = firstPixel + threadIdx.x < g.pixels();
    OutputPixel pixel(g, exists ? firstPixel + threadIdx.x : 0);
    pixelN[threadIdx.x] = exists ? pixel.n : -1;
    pixelY[threadIdx.x] = pixel.y;
    pixelX[threadIdx.x] = pixel.x;
  }
  Block8x4 block;
  int depth = g.taps() * g.groupIn();
  float nextA[8], nextB[8];
  for (int first = -16; first < depth; first += 16) {
    __syncthreads();
    int next = first + 16;
    int k = next + threadIdx.x % 16;
    int tap = k / g.groupIn(), channel = group * g.groupIn() + k % g.groupIn();
#pragma unroll
    for (int i = 0; i < 8; i++) {
      int p = threadIdx.x / 16 + i * 8;
      long long source = k < depth && pixelN[p] >= 0 ? g.inputPixel(pixelN[p], pixelY[p], pixelX[p], tap) : -1;
      nextA[i] = source >= 0 ? __ldg(in + source * inChannels + channel) : 0.f;
      int kB = next + threadIdx.x / 64 + i * 2, o = firstOut + threadIdx.x % 64;
      nextB[i] = kB < depth && o < g.groupOut() ? __ldg(w + g.weight(kB / g.groupIn(), group, kB % g.groupIn(), o,
          towardsInput != 0)) : 0.f;
    }
    if (first >= 0) {
      block.multiply(a, b);
    }
    __syncthreads();
#pragma unroll
    for (int i = 0; i < 8; i++) {
      a[threadIdx.x % 16 * 68 + threadIdx.x / 16 + i * 8] = nextA[i];
      b[(threadIdx.x / 64 + i * 2) * 68 + threadIdx.x % 64] = nextB[i];
    }
  }
#pragma unroll
  for (int i = 0; i < 32; i++) {
    long long pixel = firstPixel + block.row + i / 4;
    int o = firstOut + block.column + i % 4;
    if (pixel < g.pixels() && o < g.groupOut()) {
      int channel = group * g.groupOut() + o;
      float value = component(block.sum[i / 4], i % 4) + (bias == nullptr ? 0.f : __ldg(bias + channel));
      out[pixel * outChannels + channel] = relu ? rectified(value) : value;
    }
  }
}

extern "C" __global__ void conv_direct(const float* __restrict__ in, const float* __restrict__ w, const float* __restrict__ bias,
    float* out, int batch, int inHeight, int inWidth, int inChannels, int outHeight, int outWidth, int outChannels, int kernelHeight,
    int kernelWidth, int strideY, int strideX, int padY, int padX, int dilationY, int dilationX, int spreadY, int spreadX, int groups,
    int towardsInput, int relu) {
  Geometry g = {batch, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, kernelHeight, kernelWidth, strideY, strideX, padY,
      padX, dilationY, dilationX, spreadY, spreadX, groups};
  long long index = blockIdx.x * static_cast<long long>(blockDim.x) + threadIdx.x;
  if (index >= g.pixels() * outChannels) {
    return;
  }
  int channel = static_cast<int>(index % outChannels);
  int group = channel / g.groupOut(), o = channel % g.groupOut();
  OutputPixel pixel(g, index / outChannels);
  float sum = 0.f;
  for (int tap = 0; tap < g.taps(); tap++) {
    long long source = g.inputPixel(pixel.n, pixel.y, pixel.x, tap);
    for (int k = 0; source >= 0 && k < g.groupIn(); k++) {
      float value = __ldg(in + source * inChannels + group * g.groupIn() + k);
      sum = fmaf(value, __ldg(w + g.weight(tap, group, k, o, towardsInput != 0)), sum);
    }
  }
  sum += bias == nullptr ? 0.f : __ldg(bias + channel);
  out[index] = relu ? rectified(sum) : sum;
}

extern "C" __global__ void __launch_bounds__(128) conv_gemm_weights(const float* __restrict__ x, const float* __restrict__ dy, float* parts,
    int batch, int inHeight, int inWidth, int inChannels, int outHeight, int outWidth, int outChannels, int kernelHeight, int kernelWidth,
    int strideY, int strideX, int padY, int padX, int dilationY, int dilationX, int groups, int pixelsPerBlock) {
  __shared__ float4 aMemory[16 * 17];
  __shared__ float4 bMemory[16 * 17];
  __shared__ int pixelN[16], pixelY[16], pixelX[16];
  Geometry g = {batch, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, kernelHeight, kernelWidth, strideY, strideX, padY,
      padX, dilationY, dilationX, 1, 1, groups};
  float* a = reinterpret_cast<float*>(aMemory);
  float* b = reinterpret_cast<float*>(bMemory);
  int columnBlocks = (g.groupOut() + 63) / 64;
  int group = blockIdx.z / columnBlocks, firstOut = blockIdx.z % columnBlocks * 64;
  int rows = g.taps() * g.groupIn();
  int k = blockIdx.y * 64 + threadIdx.x % 64;
  int tap = k / g.groupIn(), channel = group * g.groupIn() + k % g.groupIn();
  int o = firstOut + threadIdx.x % 64;
  long long firstPixel = blockIdx.x * static_cast<long long>(pixelsPerBlock);
  long long end = firstPixel + pixelsPerBlock < g.pixels() ? firstPixel + pixelsPerBlock : g.pixels();
  Block8x4 block;
  for (long long first = firstPixel; first < end; first += 16) {
    if (threadIdx.x < 16) {
      bool exists = first + threadIdx.x < end;
      OutputPixel pixel(g, exists ? first + threadIdx.x : 0);
      pixelN[threadIdx.x] = exists ? pixel.n : -1;
      pixelY[threadIdx.x] = pixel.y;
      pixelX[threadIdx.x] = pixel.x;
    }
    __syncthreads();
#pragma unroll
    for (int i = 0; i < 8; i++) {
      int p = threadIdx.x / 64 + i * 2;
      long long source = k < rows && pixelN[p] >= 0 ? g.inputPixel(pixelN[p], pixelY[p], pixelX[p], tap) : -1;
      a[p * 68 + threadIdx.x % 64] = source >= 0 ? __ldg(x + source * inChannels + channel) : 0.f;
      b[p * 68 + threadIdx.x % 64] = pixelN[p] >= 0 && o < g.groupOut() ? __ldg(dy + (first + p) * outChannels + group * g.groupOut() + o)
          : 0.f;
    }
    __syncthreads();
    block.multiply(a, b);
    __syncthreads();
  }
  float* part = parts + blockIdx.x * (static_cast<long long>(rows) * outChannels);
#pragma unroll
  for (int i = 0; i < 32; i++) {
    int row = blockIdx.y * 64 + block.row + i / 4, column = firstOut + block.column + i % 4;
    if (row < rows && column < g.groupOut()) {
      part[static_cast<long long>(row) * outChannels + group * g.groupOut() + column] = component(block.sum[i / 4], i % 4);
    }
  }
}

extern "C" __global__ void conv_direct_weights(const float* __restrict__ x, const float* __restrict__ dy, float* parts, int batch,
    int inHeight, int inWidth, int inChannels, int outHeight, int outWidth, int outChannels, int kernelHeight, int kernelWidth,
    int strideY, int strideX, int padY, int padX, int dilationY, int dilationX, int groups, int pixelsPerBlock) {
  Geometry g = {batch, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, kernelHeight, kernelWidth, strideY, strideX, padY,
      padX, dilationY, dilationX, 1, 1, groups};
  int weights = g.taps() * g.groupIn() * outChannels;
  int index = blockIdx.y * blockDim.x + threadIdx.x;
  if (index >= weights) {
    return;
  }
  int channel = index % outChannels;
  int row = index / outChannels;
  int in = channel / g.groupOut() * g.groupIn() + row % g.groupIn();
  long long first = blockIdx.x * static_cast<long long>(pixelsPerBlock);
  float sum = 0.f;
  for (long long p = first; p < first + pixelsPerBlock && p < g.pixels(); p++) {
    OutputPixel pixel(g, p);
    long long source = g.inputPixel(pixel.n, pixel.y, pixel.x, row / g.groupIn());
    if (source >= 0) {
      sum = fmaf(__ldg(x + source * inChannels + in), __ldg(dy + p * outChannels + channel), sum);
    }
  }
  parts[blockIdx.x * static_cast<long long>(weights) + index] = sum;
}

// parts[block of rows][channels]: 8 rows of threads each sum every eighth row of dy.
extern "C" __global__ void __launch_bounds__(256) conv_bias(const float* __restrict__ dy, float* parts, long long rows, int channels,
    int rowsPerBlock) {
  __shared__ float sums[8][33];
  int channel = blockIdx.y * 32 + threadIdx.x;
  long long first = blockIdx.x * static_cast<long long>(rowsPerBlock);
  long long end = first + rowsPerBlock < rows ? first + rowsPerBlock : rows;
  float sum = 0.f;
  if (channel < channels) {
#pragma unroll 4
    for (long long row = first + threadIdx.y; row < end; row += 8) {
      sum += __ldg(dy + row * channels + channel);
    }
  }
  sums[threadIdx.y][threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.y == 0 && channel < channels) {
    for (int row = 1; row < 8; row++) {
      sum += sums[row][threadIdx.x];
    }
    parts[blockIdx.x * static_cast<long long>(channels) + channel] = sum;
  }
}
