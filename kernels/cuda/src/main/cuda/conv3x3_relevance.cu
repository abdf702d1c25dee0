// The two convolutions of a propagation rule, each with the step that follows it; 3x3, stride 1, padding 1, one group, channels multiples
// of four.
//
//   conv3x3_divide   q[m,i] = r[m,i] / s(z[i]),  z = x * w + bias, for every relevance map m of the same inputs
//   conv3x3_product  out[m,i] (+)= alpha * x[i] * g[m,i],  g = the input gradient of q[m]
//
// Cost: the FLOPs of conv3x3.cu. Apart from each other, the steps would write and read z and g once more: with K maps, divide saves 2 of 2
// K + 3 passes over an activation and product 2 of 4 (of 5 where it adds).
//
// The main loop is that of conv3x3.cuh; z and g never leave the registers. Where the input channels are cut into parts, conv3x3.cu computes
// the parts and conv_combine_divide or conv_combine_product takes the step while it adds them up; the same two, with one part, serve all
// other shapes.
// Registers (ptxas, sm_90): at most 168, as in conv3x3.cu; no spills.

#include "conv3x3.cuh"
#include "conv3x3_product.cuh"
#include "relevance.cuh"

struct Divide {
  const float *bias, *r;
  float* q;
  float eps;
  int maps, batch, height, width, channels;

  __device__ __forceinline__ void operator()(int n, int y0, int x0, int channel, const Patch& patch) const {
    float4 b = bias == nullptr ? make_float4(0.f, 0.f, 0.f, 0.f) : load4(bias + channel);
    long long mapSize = static_cast<long long>(batch) * height * width * channels;
#pragma unroll
    for (int i = 0; i < 8; i++) {
      int row = y0 + i / 4, column = x0 + i % 4;
      if (row < height && column < width) {
        float4 z = add4(patch.sum[i / 4][i % 4], b);
        long long index = ((static_cast<long long>(n) * height + row) * width + column) * channels + channel;
        for (int m = 0; m < maps; m++, index += mapSize) {
          store4(q + index, stabilizedQuotients(load4(r + index), z, eps));
        }
      }
    }
  }
};

template <int VECTORS, int COLUMNS, int PIXELS>
__device__ __forceinline__ void divide(const float* __restrict__ x, const float* __restrict__ w, const float* __restrict__ bias,
    const float* __restrict__ r, float* q, float eps, int maps, int batch, int height, int width, int inChannels, int outChannels,
    int tileWidth, int tileHeight, int tileImages, int pitch) {
  Tile tile(blockIdx.x, tileWidth, tileHeight, tileImages, pitch, batch, height, width);
  Divide finish = {bias, r, q, eps, maps, batch, height, width, outChannels};
  conv3x3<VECTORS, COLUMNS, PIXELS>(tile, x, Weights{w, inChannels, outChannels, false}, 0, inChannels, finish);
}

template <int VECTORS, int COLUMNS, int PIXELS>
__device__ __forceinline__ void product(const float* __restrict__ q, const float* __restrict__ w, const float* __restrict__ x, float* out,
    float alpha, int add, int xBatch, int batch, int height, int width, int inChannels, int outChannels, int tileWidth, int tileHeight,
    int tileImages, int pitch) {
  Tile tile(blockIdx.x, tileWidth, tileHeight, tileImages, pitch, batch, height, width);
  Product finish = {x, out, alpha, add != 0, xBatch, height, width, outChannels};
  conv3x3<VECTORS, COLUMNS, PIXELS>(tile, q, Weights{w, inChannels, outChannels, true}, 0, inChannels, finish);
}

extern "C" __global__ void __launch_bounds__(64) conv3x3_divide_n8(const float* __restrict__ x, const float* __restrict__ w,
    const float* __restrict__ bias, const float* __restrict__ r, float* q, float eps, int maps, int batch, int height, int width,
    int inChannels, int outChannels, int tileWidth, int tileHeight, int tileImages, int pitch) {
  divide<1, 2, 256>(x, w, bias, r, q, eps, maps, batch, height, width, inChannels, outChannels, tileWidth, tileHeight, tileImages, pitch);
}

extern "C" __global__ void __launch_bounds__(128) conv3x3_divide_n16(const float* __restrict__ x, const float* __restrict__ w,
    const float* __restrict__ bias, const float* __restrict__ r, float* q, float eps, int maps, int batch, int height, int width,
    int inChannels, int outChannels, int tileWidth, int tileHeight, int tileImages, int pitch) {
  divide<1, 4, 256>(x, w, bias, r, q, eps, maps, batch, height, width, inChannels, outChannels, tileWidth, tileHeight, tileImages, pitch);
}

extern "C" __global__ void __launch_bounds__(128, 3) conv3x3_divide_n32(const float* __restrict__ x, const float* __restrict__ w,
    const float* __restrict__ bias, const float* __restrict__ r, float* q, float eps, int maps, int batch, int height, int width,
    int inChannels, int outChannels, int tileWidth, int tileHeight, int tileImages, int pitch) {
  divide<2, 4, 256>(x, w, bias, r, q, eps, maps, batch, height, width, inChannels, outChannels, tileWidth, tileHeight, tileImages, pitch);
}

extern "C" __global__ void __launch_bounds__(128, 3) conv3x3_divide_n64(const float* __restrict__ x, const float* __restrict__ w,
    const float* __restrict__ bias, const float* __restrict__ r, float* q, float eps, int maps, int batch, int height, int width,
    int inChannels, int outChannels, int tileWidth, int tileHeight, int tileImages, int pitch) {
  divide<2, 8, 128>(x, w, bias, r, q, eps, maps, batch, height, width, inChannels, outChannels, tileWidth, tileHeight, tileImages, pitch);
}

extern "C" __global__ void __launch_bounds__(64) conv3x3_product_n8(const float* __restrict__ q, const float* __restrict__ w,
    const float* __restrict__ x, float* out, float alpha, int add, int xBatch, int batch, int height, int width, int inChannels,
    int outChannels, int tileWidth, int tileHeight, int tileImages, int pitch) {
  product<1, 2, 256>(q, w, x, out, alpha, add, xBatch, batch, height, width, inChannels, outChannels, tileWidth, tileHeight, tileImages,
      pitch);
}

extern "C" __global__ void __launch_bounds__(128) conv3x3_product_n16(const float* __restrict__ q, const float* __restrict__ w,
    const float* __restrict__ x, float* out, float alpha, int add, int xBatch, int batch, int height, int width, int inChannels,
    int outChannels, int tileWidth, int tileHeight, int tileImages, int pitch) {
  product<1, 4, 256>(q, w, x, out, alpha, add, xBatch, batch, height, width, inChannels, outChannels, tileWidth, tileHeight, tileImages,
      pitch);
}

extern "C" __global__ void __launch_bounds__(128, 3) conv3x3_product_n32(const float* __restrict__ q, const float* __restrict__ w,
    const float* __restrict__ x, float* out, float alpha, int add, int xBatch, int batch, int height, int width, int inChannels,
    int outChannels, int tileWidth, int tileHeight, int tileImages, int pitch) {
  product<2, 4, 256>(q, w, x, out, alpha, add, xBatch, batch, height, width, inChannels, outChannels, tileWidth, tileHeight, tileImages,
      pitch);
}

extern "C" __global__ void __launch_bounds__(128, 3) conv3x3_product_n64(const float* __restrict__ q, const float* __restrict__ w,
    const float* __restrict__ x, float* out, float alpha, int add, int xBatch, int batch, int height, int width, int inChannels,
    int outChannels, int tileWidth, int tileHeight, int tileImages, int pitch) {
  product<2, 8, 128>(q, w, x, out, alpha, add, xBatch, batch, height, width, inChannels, outChannels, tileWidth, tileHeight, tileImages,
      pitch);
}
