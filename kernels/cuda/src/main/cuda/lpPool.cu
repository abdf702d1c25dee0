// Pooling by a norm over windows of each channel, images N H W C; p is the exponent.
//   lpPoolForward    y[n,w,c] = (sum of |x|^p over the window w)^(1/p), padding as zeros
//   lpPoolBackward   dx[n,q,c] = sum of dy[n,w,c] sign(x) (|x[n,q,c]| / y[n,w,c])^(p - 1) over the windows w that contain q and whose y is
//                    not 0; no atomics. Sample n uses x and y of sample n mod recordedBatch.
// Cost: a power per value of a window, 4 bytes per value of x and of y.
// One version: a channel at a time, as powers take longer than loads.
#include "pooling.cuh"

__device__ __forceinline__ float power(float value, float exponent) {
  return exponent == 0.f ? 1.f : exponent == 1.f ? value : exponent == 2.f ? value * value : powf(value, exponent);
}

__device__ __forceinline__ float root(float value, float exponent) {
  return exponent == 1.f ? value : exponent == 2.f ? sqrtf(value) : powf(value, 1.f / exponent);
}

extern "C" __global__ void lpPoolForward(const float* __restrict__ x, float* __restrict__ y, float exponent, POOL_PARAMETERS) {
  const PoolShape s = POOL_SHAPE;
  forEachPosition(s.batch, s.outHeight, s.outWidth, s.channels, [=](int n, int py, int px, int channel) {
    const float* image = x + (long long)n * s.inHeight * s.inWidth * s.channels + channel;
    const Range rows = s.rowsOfWindow(py);
    const Range columns = s.columnsOfWindow(px);
    float sum = 0.f;
    for (int iy = rows.from; iy < rows.to; iy += s.dilationY) {
      for (int ix = columns.from; ix < columns.to; ix += s.dilationX) {
        sum += power(fabsf(image[(iy * s.inWidth + ix) * s.channels]), exponent);
      }
    }
    y[(((long long)n * s.outHeight + py) * s.outWidth + px) * s.channels + channel] = root(sum, exponent);
  });
}

extern "C" __global__ void lpPoolBackward(const float* __restrict__ x, const float* __restrict__ y, const float* __restrict__ dy,
                                          float* __restrict__ dx, float exponent, int recordedBatch, POOL_PARAMETERS) {
  const PoolShape s = POOL_SHAPE;
  forEachPosition(s.batch, s.inHeight, s.inWidth, s.channels, [=](int n, int iy, int ix, int channel) {
    const long long windows = (long long)s.outHeight * s.outWidth * s.channels;
    const long long cells = (long long)s.inHeight * s.inWidth * s.channels;
    const float* gradients = dy + n * windows + channel;
    const float* norms = y + n % recordedBatch * windows + channel;
    const int cell = (iy * s.inWidth + ix) * s.channels + channel;
    const float value = x[n % recordedBatch * cells + cell];
    const float sign = value > 0.f ? 1.f : value < 0.f ? -1.f : value;
    const Range rows = s.windowsOfRow(iy);
    const Range columns = s.windowsOfColumn(ix);
    float sum = 0.f;
    for (int py = rows.from; py < rows.to; py++) {
      for (int px = columns.from; px < columns.to; px++) {
        const int window = (py * s.outWidth + px) * s.channels;
        const float norm = norms[window];
        if (s.holdsRow(py, iy) && s.holdsColumn(px, ix) && norm > 0.f) {
          sum += gradients[window] * (sign * power(fabsf(value) / norm, exponent - 1.f));
        }
      }
    }
    dx[n * cells + cell] = sum;
  });
}
