// Average pooling over windows of each channel, images N H W C; share[p] = 1 / the cells of window p that count.
//   avgPoolForward    y[n,p,c] = share[p] * sum of x over the window, padding as zeros
//   avgPoolBackward   dx[n,q,c] = sum of share[p] * dy[n,p,c] over the windows p that contain q; no atomics
// Cost: 1 FLOP per value of a window, 4 bytes per value of x and of y.
// Versions: four channels at once (float4) where channels are divisible by 4, else one.
#include "pooling.cuh"

template <class V>
__device__ __forceinline__ void averageForward(const PoolShape& s, const V* x, V* y) {
  const int groups = s.channels / (sizeof(V) / sizeof(float));
  forEachPosition(s.batch, s.outHeight, s.outWidth, groups, [=](int n, int py, int px, int group) {
    const V* image = x + (long long)n * s.inHeight * s.inWidth * groups + group;
    const Range rows = s.rowsOfWindow(py);
    const Range columns = s.columnsOfWindow(px);
    V sum = V();
    for (int iy = rows.from; iy < rows.to; iy += s.dilationY) {
      for (int ix = columns.from; ix < columns.to; ix += s.dilationX) {
        addTo(sum, image[(iy * s.inWidth + ix) * groups]);
      }
    }
    y[(((long long)n * s.outHeight + py) * s.outWidth + px) * groups + group] = scaled(s.share(py, px), sum);
  });
}

extern "C" __global__ void avgPoolForward(const float* __restrict__ x, float* __restrict__ y, POOL_PARAMETERS) {
  if (channels % 4 == 0) {
    averageForward(POOL_SHAPE, reinterpret_cast<const float4*>(x), reinterpret_cast<float4*>(y));
  } else {
    averageForward(POOL_SHAPE, x, y);
  }
}

template <class V>
__device__ __forceinline__ void averageBackward(const PoolShape& s, const V* dy, V* dx) {
  const int groups = s.channels / (sizeof(V) / sizeof(float));
  const float share = s.equalDivisors ? s.share(0, 0) : 1.f;
  forEachPosition(s.batch, s.inHeight, s.inWidth, groups, [=](int n, int iy, int ix, int group) {
    const V* gradients = dy + (long long)n * s.outHeight * s.outWidth * groups + group;
    const Range rows = s.windowsOfRow(iy);
    const Range columns = s.windowsOfColumn(ix);
    V sum = V();
    for (int py = rows.from; py < rows.to; py++) {
      for (int px = columns.from; px < columns.to; px++) {
        if (s.holdsRow(py, iy) && s.holdsColumn(px, ix)) {
          const V gradient = gradients[(py * s.outWidth + px) * groups];
          addTo(sum, s.equalDivisors ? gradient : scaled(s.share(py, px), gradient));
        }
      }
    }
    dx[(((long long)n * s.inHeight + iy) * s.inWidth + ix) * groups + group] = scaled(share, sum);
  });
}

extern "C" __global__ void avgPoolBackward(const float* __restrict__ dy, float* __restrict__ dx, POOL_PARAMETERS) {
  if (channels % 4 == 0) {
    averageBackward(POOL_SHAPE, reinterpret_cast<const float4*>(dy), reinterpret_cast<float4*>(dx));
  } else {
    averageBackward(POOL_SHAPE, dy, dx);
  }
}
