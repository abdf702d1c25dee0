// y[r, yColumn + c] = x[r, xColumn + c] for c < columns, rows of xWidth and yWidth values.        8 bytes per value copied.
// Versions: float4 where columns, widths and first columns are divisible by 4, else float. threadIdx.x runs along a row, threadIdx.y over
// rows.

template <class V>
__device__ __forceinline__ void copy(int columns, const V* x, int xWidth, V* y, int yWidth, int rows) {
  for (int r = blockIdx.x * blockDim.y + threadIdx.y; r < rows; r += gridDim.x * blockDim.y) {
    for (int c = threadIdx.x; c < columns; c += blockDim.x) {
      y[(long long)r * yWidth + c] = x[(long long)r * xWidth + c];
    }
  }
}

extern "C" __global__ void copyColumns(int columns, const float* __restrict__ x, int xWidth, int xColumn, float* __restrict__ y, int yWidth,
                                       int yColumn, int rows) {
  if ((columns | xWidth | xColumn | yWidth | yColumn) % 4 == 0) {
    copy(columns / 4, reinterpret_cast<const float4*>(x + xColumn), xWidth / 4, reinterpret_cast<float4*>(y + yColumn), yWidth / 4, rows);
  } else {
    copy(columns, x + xColumn, xWidth, y + yColumn, yWidth, rows);
  }
}
