// What the pooling kernels share: the geometry, and arithmetic on one channel (float, int) or four neighbouring ones (float4, int4).
#pragma once

struct PoolShape {
  int batch, inHeight, inWidth, channels, outHeight, outWidth, kernelHeight, kernelWidth, strideY, strideX, padY, padX;
};

// The parameters of a pooling kernel behind its pointers, and the geometry that they make.
#define POOL_PARAMETERS                                                                                                  \
  int batch, int inHeight, int inWidth, int channels, int outHeight, int outWidth, int kernelHeight, int kernelWidth,   \
      int strideY, int strideX, int padY, int padX
#define POOL_SHAPE \
  PoolShape { batch, inHeight, inWidth, channels, outHeight, outWidth, kernelHeight, kernelWidth, strideY, strideX, padY, padX }

// Cells from (inclusive) to (exclusive) of a window along one axis, padding left out.
struct Range {
  int from, to;
};

__device__ __forceinline__ Range cellsOfWindow(int window, int size, int kernel, int stride, int pad) {
  const int start = window * stride - pad;
  return Range{max(0, start), min(size, start + kernel)};
}

// Windows from (inclusive) to (exclusive) that contain a cell, along one axis.
__device__ __forceinline__ Range windowsOfCell(int cell, int windows, int kernel, int stride, int pad) {
  return Range{max(0, cell + pad - kernel + stride) / stride, min(windows, (cell + pad) / stride + 1)};
}

// Calls visit(image, row, column, group of channels) for each of rows x columns x groups of every image. Threads along x walk over an
// image, blockIdx.y over images; an image has less than 2^30 values, which the host makes sure of.
template <class Visit>
__device__ __forceinline__ void forEachPosition(int images, int rows, int columns, int groups, Visit visit) {
  for (int image = (int)blockIdx.y; image < images; image += gridDim.y) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < rows * columns * groups; i += gridDim.x * blockDim.x) {
      const int position = i / groups;
      const int row = position / columns;
      visit(image, row, position - row * columns, i - position * groups);
    }
  }
}

__device__ __forceinline__ void addTo(float& sum, float v) {
  sum += v;
}

__device__ __forceinline__ void addTo(float4& sum, const float4& v) {
  sum.x += v.x;
  sum.y += v.y;
  sum.z += v.z;
  sum.w += v.w;
}

__device__ __forceinline__ float scaled(float factor, float v) {
  return factor * v;
}

__device__ __forceinline__ float4 scaled(float factor, const float4& v) {
  return make_float4(factor * v.x, factor * v.y, factor * v.z, factor * v.w);
}
