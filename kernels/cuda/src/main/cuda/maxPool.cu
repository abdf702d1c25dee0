// Max-pooling over windows of each channel, images N H W C.
//   maxPoolForward    y[n,p,c] = max over the window of x; winners[n,p,c] = iy * inWidth + ix of the first of the largest values. Padding
//                     never wins; NaN wins over numbers, the first of them. 4 bytes per value of x, 8 per value of y.
//   maxPoolBackward   dx[n,q,c] = sum of dy[n,p,c] over the windows p whose winner is q. Sample n uses the winners of sample n mod
//                     recordedBatch. 4 bytes per value of dx, 8 per value of dy. No atomics: one thread writes a value of dx, once.
// Versions: four channels at once (float4) where channels are divisible by 4, else one; and
//   forward    2 x 2 windows with stride 2 and no padding (all models of the thesis): the four loads go out together;
//              general: a loop over the window
//   backward   windows that touch without overlap: a thread takes a window, reads its winner once and writes its whole part of dx, and the
//              margin that no window covers is taken in as windows without a winner; general: a value of dx looks through the windows
//              that contain it, in their order, so that the sums are those of the CPU
#include "pool2x2.cuh"
#include "pooling.cuh"

__device__ __forceinline__ void consider(const float4& value, int cell, float4& best, int4& winner) {
  consider(value.x, cell, best.x, winner.x);
  consider(value.y, cell, best.y, winner.y);
  consider(value.z, cell, best.z, winner.z);
  consider(value.w, cell, best.w, winner.w);
}

__device__ __forceinline__ void setAll(int& winner, int cell) {
  winner = cell;
}

__device__ __forceinline__ void setAll(int4& winner, int cell) {
  winner = make_int4(cell, cell, cell, cell);
}

__device__ __forceinline__ float whereWinner(int winner, int cell, float v) {
  return winner == cell ? v : 0.f;
}

__device__ __forceinline__ float4 whereWinner(const int4& winner, int cell, const float4& v) {
  return make_float4(whereWinner(winner.x, cell, v.x), whereWinner(winner.y, cell, v.y), whereWinner(winner.z, cell, v.z),
                     whereWinner(winner.w, cell, v.w));
}

// The largest of the four values of a window whose first cell is `cell` and whose first value is v[at].
template <class V, class I>
__device__ __forceinline__ void largestOfFour(const V* v, int at, int cell, int width, int groups, V& best, I& winner) {
  const V topRight = v[at + groups];
  const V bottomLeft = v[at + width * groups];
  const V bottomRight = v[at + width * groups + groups];
  best = v[at];
  consider(topRight, cell + 1, best, winner);
  consider(bottomLeft, cell + width, best, winner);
  consider(bottomRight, cell + width + 1, best, winner);
}

template <class V, class I>
__device__ __forceinline__ void largestOfWindow(const PoolShape& s, const V* v, Range rows, Range columns, int groups, V& best, I& winner) {
  best = v[(rows.from * s.inWidth + columns.from) * groups];
  for (int iy = rows.from; iy < rows.to; iy += s.dilationY) {
    for (int ix = columns.from; ix < columns.to; ix += s.dilationX) {
      consider(v[(iy * s.inWidth + ix) * groups], iy * s.inWidth + ix, best, winner);
    }
  }
}

template <class V, class I>
__device__ __forceinline__ void maxForward(const PoolShape& s, const V* x, V* y, I* winners) {
  const int groups = s.channels / (sizeof(V) / sizeof(float));
  const bool pairs = s.kernelHeight == 2 && s.kernelWidth == 2 && s.strideY == 2 && s.strideX == 2 && s.padY == 0 && s.padX == 0 && s.dilationY == 1 &&
                     s.dilationX == 1 && 2 * s.outHeight <= s.inHeight && 2 * s.outWidth <= s.inWidth;
  forEachPosition(s.batch, s.outHeight, s.outWidth, groups, [=](int n, int py, int px, int group) {
    const V* image = x + (long long)n * s.inHeight * s.inWidth * groups;
    const Range rows = s.rowsOfWindow(py);
    const Range columns = s.columnsOfWindow(px);
    const int cell = rows.from * s.inWidth + columns.from;
    V best;
    I winner;
    setAll(winner, cell);
    if (pairs) {
      largestOfFour(image, cell * groups + group, cell, s.inWidth, groups, best, winner);
    } else {
      largestOfWindow(s, image + group, rows, columns, groups, best, winner);
    }
    const long long to = (((long long)n * s.outHeight + py) * s.outWidth + px) * groups + group;
    y[to] = best;
    winners[to] = winner;
  });
}

extern "C" __global__ void maxPoolForward(const float* __restrict__ x, float* __restrict__ y, int* __restrict__ winners, POOL_PARAMETERS) {
  if (channels % 4 == 0) {
    maxForward(POOL_SHAPE, reinterpret_cast<const float4*>(x), reinterpret_cast<float4*>(y), reinterpret_cast<int4*>(winners));
  } else {
    maxForward(POOL_SHAPE, x, y, winners);
  }
}

template <class V, class I>
__device__ __forceinline__ void maxBackwardByWindow(const PoolShape& s, const V* dy, const I* winners, int recordedBatch, V* dx) {
  const int groups = s.channels / (sizeof(V) / sizeof(float));
  const int rows = (s.inHeight + s.kernelHeight - 1) / s.kernelHeight;
  const int columns = (s.inWidth + s.kernelWidth - 1) / s.kernelWidth;
  forEachPosition(s.batch, rows, columns, groups, [=](int n, int py, int px, int group) {
    V gradient = V();
    I winner;
    setAll(winner, -1);
    if (py < s.outHeight && px < s.outWidth) {
      const long long window = ((long long)py * s.outWidth + px) * groups + group;
      const long long windows = (long long)s.outHeight * s.outWidth * groups;
      gradient = dy[n * windows + window];
      winner = winners[n % recordedBatch * windows + window];
    }
    V* image = dx + (long long)n * s.inHeight * s.inWidth * groups;
    for (int iy = py * s.kernelHeight; iy < min(s.inHeight, (py + 1) * s.kernelHeight); iy++) {
      for (int ix = px * s.kernelWidth; ix < min(s.inWidth, (px + 1) * s.kernelWidth); ix++) {
        const int cell = iy * s.inWidth + ix;
        image[cell * groups + group] = whereWinner(winner, cell, gradient);
      }
    }
  });
}

template <class V, class I>
__device__ __forceinline__ void maxBackwardByCell(const PoolShape& s, const V* dy, const I* winners, int recordedBatch, V* dx) {
  const int groups = s.channels / (sizeof(V) / sizeof(float));
  forEachPosition(s.batch, s.inHeight, s.inWidth, groups, [=](int n, int iy, int ix, int group) {
    const long long windows = (long long)s.outHeight * s.outWidth * groups;
    const V* gradients = dy + n * windows + group;
    const I* recorded = winners + n % recordedBatch * windows + group;
    const Range rows = s.windowsOfRow(iy);
    const Range columns = s.windowsOfColumn(ix);
    const int cell = iy * s.inWidth + ix;
    V sum = V();
    for (int py = rows.from; py < rows.to; py++) {
      for (int px = columns.from; px < columns.to; px++) {
        const int window = (py * s.outWidth + px) * groups;
        addTo(sum, whereWinner(recorded[window], cell, gradients[window]));
      }
    }
    dx[((long long)n * s.inHeight * s.inWidth + cell) * groups + group] = sum;
  });
}

template <class V, class I>
__device__ __forceinline__ void maxBackward(const PoolShape& s, const V* dy, const I* winners, int recordedBatch, V* dx) {
  if (s.strideY == s.kernelHeight && s.strideX == s.kernelWidth && s.padY == 0 && s.padX == 0 && s.dilationY == 1 && s.dilationX == 1) {
    maxBackwardByWindow(s, dy, winners, recordedBatch, dx);
  } else {
    maxBackwardByCell(s, dy, winners, recordedBatch, dx);
  }
}

extern "C" __global__ void maxPoolBackward(const float* __restrict__ dy, const int* __restrict__ winners, int recordedBatch,
                                           float* __restrict__ dx, POOL_PARAMETERS) {
  if (channels % 4 == 0) {
    maxBackward(POOL_SHAPE, reinterpret_cast<const float4*>(dy), reinterpret_cast<const int4*>(winners), recordedBatch,
                reinterpret_cast<float4*>(dx));
  } else {
    maxBackward(POOL_SHAPE, dy, winners, recordedBatch, dx);
  }
}
