// What the pooling kernels share: the geometry, and arithmetic on one channel (float, int) or four neighbouring ones (float4, int4).
#pragma once

// Cells or windows along one axis, from (inclusive) to (exclusive).
struct Range {
  int from, to;
};

// padBottom, padRight and countPadding decide what averages divide by; equalDivisors says that all divide by the size of the window.
struct PoolShape {
  int batch, inHeight, inWidth, channels, outHeight, outWidth, kernelHeight, kernelWidth, strideY, strideX, padY, padX;
  int padBottom, padRight, dilationY, dilationX, countPadding, equalDivisors;

  // Cells of a window, in steps of the dilation, padding left out.
  __device__ __forceinline__ Range rowsOfWindow(int window) const {
    return cellsOfWindow(window, inHeight, kernelHeight, strideY, padY, dilationY);
  }
  __device__ __forceinline__ Range columnsOfWindow(int window) const {
    return cellsOfWindow(window, inWidth, kernelWidth, strideX, padX, dilationX);
  }

  // Windows that begin at a cell or before it and end there or behind it; with dilation not all of them hold it.
  __device__ __forceinline__ Range windowsOfRow(int row) const {
    return windowsOfCell(row, outHeight, dilationY * (kernelHeight - 1) + 1, strideY, padY);
  }
  __device__ __forceinline__ Range windowsOfColumn(int column) const {
    return windowsOfCell(column, outWidth, dilationX * (kernelWidth - 1) + 1, strideX, padX);
  }
  __device__ __forceinline__ bool holdsRow(int window, int row) const {
    return dilationY == 1 || (row + padY - window * strideY) % dilationY == 0;
  }
  __device__ __forceinline__ bool holdsColumn(int window, int column) const {
    return dilationX == 1 || (column + padX - window * strideX) % dilationX == 0;
  }

  // 1 / the number of cells that the average of a window counts.
  __device__ __forceinline__ float share(int py, int px) const {
    if (equalDivisors) {
      return 1.f / (kernelHeight * kernelWidth);
    }
    return 1.f / (counted(py * strideY - padY, inHeight, padY, padBottom, kernelHeight, dilationY) *
                  counted(px * strideX - padX, inWidth, padX, padRight, kernelWidth, dilationX));
  }

 private:
  static __device__ __forceinline__ Range cellsOfWindow(int window, int size, int kernel, int stride, int pad, int dilation) {
    const int start = window * stride - pad;
    const int from = start >= 0 ? start : dilation == 1 ? 0 : (dilation - -start % dilation) % dilation;
    return Range{from, min(size, start + dilation * (kernel - 1) + 1)};
  }

  static __device__ __forceinline__ Range windowsOfCell(int cell, int windows, int extent, int stride, int pad) {
    return Range{max(0, cell + pad - extent + stride) / stride, min(windows, (cell + pad) / stride + 1)};
  }

  __device__ __forceinline__ int counted(int start, int size, int padBefore, int padBehind, int kernel, int dilation) const {
    const int first = countPadding ? -padBefore : 0, end = countPadding ? size + padBehind : size;
    const int before = start >= first ? 0 : (first - start + dilation - 1) / dilation;
    return min(kernel, (end - start + dilation - 1) / dilation) - before;
  }
};

// The parameters of a pooling kernel behind its pointers, and the geometry that they make.
#define POOL_PARAMETERS                                                                                                  \
  int batch, int inHeight, int inWidth, int channels, int outHeight, int outWidth, int kernelHeight, int kernelWidth,   \
      int strideY, int strideX, int padY, int padX, int padBottom, int padRight, int dilationY, int dilationX,          \
      int countPadding, int equalDivisors
#define POOL_SHAPE                                                                                                       \
  PoolShape {                                                                                                            \
    batch, inHeight, inWidth, channels, outHeight, outWidth, kernelHeight, kernelWidth, strideY, strideX, padY, padX,    \
        padBottom, padRight, dilationY, dilationX, countPadding, equalDivisors                                           \
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
