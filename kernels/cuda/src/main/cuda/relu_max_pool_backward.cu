// The backward pass of a ReLU and max-pooling:
//
//   dx[n,q,c] = sum of dy[n,p,c] over the windows p whose winner is q, where y[n,p,c] > 0
//
// Cost: dx is written and y, dy, winners are read once; memory is the limit. For windows of 2 x 2, dx is 4 of 7 values that move. Done
// apart from each other, the two steps would write and read dy again.
//
// relu_max_pool_backward_2x2: windows of 2 x 2 that neither overlap nor leave gaps, channels a multiple of four: a thread writes the four
// cells of a window for four channels. The last row and column of windows, where height or width is odd, hold zeros and exist on this side
// only.
// relu_max_pool_backward: any windows; a thread gathers for one value of dx from all windows that hold it, in their order.

#include "vectors4.cuh"

__device__ __forceinline__ float4 where(const int4& winner, int cell, const float4& gradient) {
  return make_float4(winner.x == cell ? gradient.x : 0.f, winner.y == cell ? gradient.y : 0.f, winner.z == cell ? gradient.z : 0.f,
      winner.w == cell ? gradient.w : 0.f);
}

extern "C" __global__ void relu_max_pool_backward_2x2(const float* __restrict__ y, const float* __restrict__ dy,
    const int* __restrict__ winners, float* dx, int batch, int height, int width, int channels) {
  // 32 bits are enough, and quick to divide: each turn stands for 64 bytes of dx.
  unsigned vectors = channels / 4, across = (width + 1) / 2, down = (height + 1) / 2;
  unsigned all = batch * down * across * vectors;
  for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < all; i += gridDim.x * blockDim.x) {
    int channel = i % vectors * 4;
    unsigned window = i / vectors;
    int px = window % across, py = window / across % down;
    long long n = window / across / down;
    float4 gradient = make_float4(0.f, 0.f, 0.f, 0.f);
    int4 winner = make_int4(0, 0, 0, 0);
    if (py < height / 2 && px < width / 2) {
      long long index = ((n * (height / 2) + py) * (width / 2) + px) * channels + channel;
      float4 value = load4(y + index), arrived = load4(dy + index);
      winner = __ldg(reinterpret_cast<const int4*>(winners + index));
      gradient = make_float4(value.x > 0.f ? arrived.x : 0.f, value.y > 0.f ? arrived.y : 0.f, value.z > 0.f ? arrived.z : 0.f,
          value.w > 0.f ? arrived.w : 0.f);
    }
#pragma unroll
    for (int j = 0; j < 4; j++) {
      int row = 2 * py + j / 2, column = 2 * px + j % 2;
      if (row < height && column < width) {
        store4(dx + ((n * height + row) * width + column) * channels + channel, where(winner, row * width + column, gradient));
      }
    }
  }
}

extern "C" __global__ void relu_max_pool_backward(const float* __restrict__ y, const float* __restrict__ dy,
    const int* __restrict__ winners, long long recorded, float* dx, int batch, int inHeight, int inWidth, int channels, int outHeight,
    int outWidth, int kernelHeight, int kernelWidth, int strideY, int strideX, int padY, int padX) {
  long long all = static_cast<long long>(batch) * inHeight * inWidth * channels;
  for (long long i = blockIdx.x * static_cast<long long>(blockDim.x) + threadIdx.x; i < all;
       i += static_cast<long long>(gridDim.x) * blockDim.x) {
    int channel = static_cast<int>(i % channels);
    long long pixel = i / channels;
    int column = static_cast<int>(pixel % inWidth), row = static_cast<int>(pixel / inWidth % inHeight);
    long long n = pixel / inWidth / inHeight;
    int cell = row * inWidth + column;
    // The first window that ends at or after this cell, and the last that begins at or before it.
    int firstY = row + padY < kernelHeight ? 0 : (row + padY - kernelHeight) / strideY + 1;
    int firstX = column + padX < kernelWidth ? 0 : (column + padX - kernelWidth) / strideX + 1;
    float sum = 0.f;
    for (int py = firstY; py < outHeight && py * strideY <= row + padY; py++) {
      for (int px = firstX; px < outWidth && px * strideX <= column + padX; px++) {
        long long index = ((n * outHeight + py) * outWidth + px) * channels + channel;
        if (__ldg(winners + index % recorded) == cell && __ldg(y + index) > 0.f) {
          sum += __ldg(dy + index);
        }
      }
    }
    dx[i] = sum;
  }
}
