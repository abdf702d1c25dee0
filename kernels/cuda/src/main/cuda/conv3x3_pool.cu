// A convolution 3x3 (stride 1, padding 1, one group, channels multiples of four), a ReLU and max-pooling of 2 x 2 in one pass:
//
//   y, winners = maxPool(max(0, x * w + bias))
//
// Cost: the FLOPs of conv3x3.cu. Apart from each other the three would write and read the activation again; here only the pooled values and
// the positions of the winners are written, half the bytes of the activation instead of 2.5 times them.
//
// The main loop is that of conv3x3.cuh. A thread's patch of 2 x 4 pixels is two windows, since tiles begin at even rows and columns. Where
// the input channels are cut into parts, conv3x3.cu computes the parts and conv_combine_pool does the rest.
// Registers (ptxas, sm_90): at most 168, as in conv3x3.cu; no spills.

#include "conv3x3.cuh"
#include "pool2x2.cuh"

struct Pool {
  const float* bias;
  float* y;
  int* winners;
  int height, width, channels;

  __device__ __forceinline__ void operator()(int n, int y0, int x0, int channel, const Patch& patch) const {
    float4 b = bias == nullptr ? make_float4(0.f, 0.f, 0.f, 0.f) : load4(bias + channel);
    float4 sum[8];
#pragma unroll
    for (int i = 0; i < 8; i++) {
      sum[i] = patch.sum[i / 4][i % 4];
    }
    poolPatch(sum, b, n, y0, x0, height, width, channels, channel, y, winners);
  }
};

template <int VECTORS, int COLUMNS, int PIXELS>
__device__ __forceinline__ void pooled(const float* __restrict__ x, const float* __restrict__ w, const float* __restrict__ bias, float* y,
    int* winners, int batch, int height, int width, int inChannels, int outChannels, int tileWidth, int tileHeight, int tileImages,
    int pitch) {
  Tile tile(blockIdx.x, tileWidth, tileHeight, tileImages, pitch, batch, height, width);
  Pool finish = {bias, y, winners, height, width, outChannels};
  conv3x3<VECTORS, COLUMNS, PIXELS>(tile, x, Weights{w, inChannels, outChannels, false}, 0, inChannels, finish);
}

extern "C" __global__ void __launch_bounds__(64) conv3x3_pool_n8(const float* __restrict__ x, const float* __restrict__ w,
    const float* __restrict__ bias, float* y, int* winners, int batch, int height, int width, int inChannels, int outChannels,
    int tileWidth, int tileHeight, int tileImages, int pitch) {
  pooled<1, 2, 256>(x, w, bias, y, winners, batch, height, width, inChannels, outChannels, tileWidth, tileHeight, tileImages, pitch);
}

extern "C" __global__ void __launch_bounds__(128) conv3x3_pool_n16(const float* __restrict__ x, const float* __restrict__ w,
    const float* __restrict__ bias, float* y, int* winners, int batch, int height, int width, int inChannels, int outChannels,
    int tileWidth, int tileHeight, int tileImages, int pitch) {
  pooled<1, 4, 256>(x, w, bias, y, winners, batch, height, width, inChannels, outChannels, tileWidth, tileHeight, tileImages, pitch);
}

extern "C" __global__ void __launch_bounds__(128, 3) conv3x3_pool_n32(const float* __restrict__ x, const float* __restrict__ w,
    const float* __restrict__ bias, float* y, int* winners, int batch, int height, int width, int inChannels, int outChannels,
    int tileWidth, int tileHeight, int tileImages, int pitch) {
  pooled<2, 4, 256>(x, w, bias, y, winners, batch, height, width, inChannels, outChannels, tileWidth, tileHeight, tileImages, pitch);
}

extern "C" __global__ void __launch_bounds__(128, 3) conv3x3_pool_n64(const float* __restrict__ x, const float* __restrict__ w,
    const float* __restrict__ bias, float* y, int* winners, int batch, int height, int width, int inChannels, int outChannels,
    int tileWidth, int tileHeight, int tileImages, int pitch) {
  pooled<2, 8, 128>(x, w, bias, y, winners, batch, height, width, inChannels, outChannels, tileWidth, tileHeight, tileImages, pitch);
}
