// Convolution 3x3 with stride 1, padding 1, one group, input and output channels multiples of four; see conv3x3.cuh for how.
//
//   y[n,p,o] = f(bias[o] + sum over taps t and channels i: x[n, p + t - 1, i] * w[t,i,o]),   f = ReLU or identity
//
// With towardsInput the weights are read as w[8-t][o][i] (stored 3x3 x outChannels x inChannels, in the terms of this call): the input
// gradient of such a convolution is itself one, of dy, with reversed taps.
//
// Cost: 18 * N H W * inChannels * outChannels FLOPs; x and w are read and y is written once: 72 FLOPs per byte and more for the layers of
// the gtzan model, so the FMA units are the limit (an H200 has 13 FLOPs per byte).
//
// Versions, by output channels of a block: n8 and n16 (4 channels to a thread), n32, n64 (8 channels to a thread). All compute 256 pixels,
// n64 128. Where output tiles are too few to fill a device, gridDim.z blocks share the input channels of a tile: each writes its part to y
// + z * N H W * outChannels without bias and ReLU (bias null, relu 0), and conv_combine adds the parts in order.
//
// Registers (ptxas, sm_90): 163 and 167 for n32 and n64, so 3 blocks or 12 warps per multiprocessor; no spills. With 128 registers a fourth
// block would fit, but 100 bytes per thread would spill.

#include "conv3x3.cuh"

struct BiasRelu {
  const float* bias;
  bool relu;
  float* y;
  int height, width, channels;

  __device__ __forceinline__ void operator()(int n, int y0, int x0, int channel, const Patch& patch) const {
    float4 b = bias == nullptr ? make_float4(0.f, 0.f, 0.f, 0.f) : load4(bias + channel);
#pragma unroll
    for (int i = 0; i < 8; i++) {
      int row = y0 + i / 4, column = x0 + i % 4;
      if (row < height && column < width) {
        float4 sum = add4(patch.sum[i / 4][i % 4], b);
        store4(y + ((static_cast<long long>(n) * height + row) * width + column) * channels + channel, relu ? rectified4(sum) : sum);
      }
    }
  }
};

template <int VECTORS, int COLUMNS, int PIXELS>
__device__ __forceinline__ void forward(const float* __restrict__ x, const float* __restrict__ w, const float* __restrict__ bias, float* y,
    int batch, int height, int width, int inChannels, int outChannels, int towardsInput, int relu, int tileWidth, int tileHeight,
    int tileImages, int pitch, int channelsPerPart) {
  Tile tile(blockIdx.x, tileWidth, tileHeight, tileImages, pitch, batch, height, width);
  Weights weights = {w, inChannels, outChannels, towardsInput != 0};
  int first = blockIdx.z * channelsPerPart;
  int end = first + channelsPerPart < inChannels ? first + channelsPerPart : inChannels;
  float* target = y + static_cast<long long>(blockIdx.z) * batch * height * width * outChannels;
  BiasRelu finish = {bias, relu != 0, target, height, width, outChannels};
  conv3x3<VECTORS, COLUMNS, PIXELS>(tile, x, weights, first, end, finish);
}

extern "C" __global__ void __launch_bounds__(64) conv3x3_n8(const float* __restrict__ x, const float* __restrict__ w,
    const float* __restrict__ bias, float* y, int batch, int height, int width, int inChannels, int outChannels, int towardsInput,
    int relu, int tileWidth, int tileHeight, int tileImages, int pitch, int channelsPerPart) {
  forward<1, 2, 256>(x, w, bias, y, batch, height, width, inChannels, outChannels, towardsInput, relu, tileWidth, tileHeight, tileImages,
      pitch, channelsPerPart);
}

extern "C" __global__ void __launch_bounds__(128) conv3x3_n16(const float* __restrict__ x, const float* __restrict__ w,
    const float* __restrict__ bias, float* y, int batch, int height, int width, int inChannels, int outChannels, int towardsInput,
    int relu, int tileWidth, int tileHeight, int tileImages, int pitch, int channelsPerPart) {
  forward<1, 4, 256>(x, w, bias, y, batch, height, width, inChannels, outChannels, towardsInput, relu, tileWidth, tileHeight, tileImages,
      pitch, channelsPerPart);
}

extern "C" __global__ void __launch_bounds__(128, 3) conv3x3_n32(const float* __restrict__ x, const float* __restrict__ w,
    const float* __restrict__ bias, float* y, int batch, int height, int width, int inChannels, int outChannels, int towardsInput,
    int relu, int tileWidth, int tileHeight, int tileImages, int pitch, int channelsPerPart) {
  forward<2, 4, 256>(x, w, bias, y, batch, height, width, inChannels, outChannels, towardsInput, relu, tileWidth, tileHeight, tileImages,
      pitch, channelsPerPart);
}

extern "C" __global__ void __launch_bounds__(128, 3) conv3x3_n64(const float* __restrict__ x, const float* __restrict__ w,
    const float* __restrict__ bias, float* y, int batch, int height, int width, int inChannels, int outChannels, int towardsInput,
    int relu, int tileWidth, int tileHeight, int tileImages, int pitch, int channelsPerPart) {
  forward<2, 8, 128>(x, w, bias, y, batch, height, width, inChannels, outChannels, towardsInput, relu, tileWidth, tileHeight, tileImages,
      pitch, channelsPerPart);
}
