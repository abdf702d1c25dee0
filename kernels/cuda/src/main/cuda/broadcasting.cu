// Operands that repeat along axes (unweave.kernels.Broadcasting).
//   combine   c[i] = f(a[i'], b[i'']), f by the order of unweave.kernels.Combination     1 FLOP, 4 bytes per value and what is read of a and b
//   sumAxis   sums[o, i] = sum over r: x[o, r, i], in float64, rounded once              1 FLOP, 4 bytes per value of x
// combine: an operand's place costs a division for each of up to four axes, 32 bits wide where that suffices; four neighbouring values share it
// where rows have a multiple of four. The choice of f is the same for all threads. c may be the memory of an operand that does not repeat.
// sumAxis: a block takes 32 neighbouring i, each of its 8 rows of threads every eighth r; the order of a sum depends on length alone.
#include "elements.cuh"
#include "vectors4.cuh"

enum Combination { ADD, SUBTRACT, MULTIPLY, DIVIDE, MAXIMUM, MINIMUM, AT_LEAST, AT_MOST, LEAKY, LEAKY_SLOPE };

__device__ __forceinline__ float combined(int f, float a, float b) {
  switch (f) {
    case ADD: return a + b;
    case SUBTRACT: return a - b;
    case MULTIPLY: return a * b;
    case DIVIDE: return a / b;
    case MAXIMUM: return a >= b || a != a ? a : b;
    case MINIMUM: return a <= b || a != a ? a : b;
    case AT_LEAST: return a >= b ? 1.f : 0.f;
    case AT_MOST: return a <= b ? 1.f : 0.f;
    case LEAKY: return a > 0 ? a : a * b;
    default: return a > 0 ? 1.f : b;  // LEAKY_SLOPE
  }
}

// An operand that runs along some of five axes and repeats along the others: bit d of `repeats` stands for axis d, 4 is the innermost.
struct Spread {
  const float* x;
  unsigned repeats;
  unsigned length1, length2, length3, length4;

  __device__ __forceinline__ float at(long long i) const { return x[place(i)]; }

  // Values i to i + 3 of a row, for i and rows that are multiples of four.
  __device__ __forceinline__ float4 fourAt(long long i) const {
    const float* first = x + place(i);
    if (repeats & 16) {
      const float value = *first;
      return make_float4(value, value, value, value);
    }
    return *reinterpret_cast<const float4*>(first);
  }

  __device__ __forceinline__ long long place(long long i) const {
    return repeats == 0 ? i : i >> 32 == 0 ? placeOf((unsigned)i) : placeOf(i);
  }

  template <class I> __device__ __forceinline__ long long placeOf(I i) const {
    long long place = 0;
    long long stride = 1;
    step(i, 4, length4, place, stride);
    step(i, 3, length3, place, stride);
    step(i, 2, length2, place, stride);
    step(i, 1, length1, place, stride);
    return repeats & 1 ? place : place + i * stride;
  }

  template <class I> __device__ __forceinline__ void step(I& i, int axis, unsigned length, long long& place, long long& stride) const {
    if (length == 1) {
      return;
    }
    const I rest = i / length;
    if (!(repeats >> axis & 1)) {
      place += (i - rest * length) * stride;
      stride *= length;
    }
    i = rest;
  }
};

extern "C" __global__ void combine(int f, const float* a, int repeatsA, const float* b, int repeatsB, float* c, int length1, int length2,
                                   int length3, int length4, long long n) {
  const Spread first{a, (unsigned)repeatsA, (unsigned)length1, (unsigned)length2, (unsigned)length3, (unsigned)length4};
  const Spread second{b, (unsigned)repeatsB, (unsigned)length1, (unsigned)length2, (unsigned)length3, (unsigned)length4};
  const long long threads = (long long)gridDim.x * blockDim.x;
  if (length4 % 4 == 0) {
    for (long long i = 4 * threadNumber(); i < n; i += 4 * threads) {
      const float4 v = first.fourAt(i);
      const float4 w = second.fourAt(i);
      store4(c + i, make_float4(combined(f, v.x, w.x), combined(f, v.y, w.y), combined(f, v.z, w.z), combined(f, v.w, w.w)));
    }
  } else {
    for (long long i = threadNumber(); i < n; i += threads) {
      c[i] = combined(f, first.at(i), second.at(i));
    }
  }
}

constexpr int COLUMNS = 32;
constexpr int ROWS = 8;

// Block x takes columns 32 tile ... of the values o, where x = o * tiles + tile.
extern "C" __global__ void sumAxis(int length, int inner, const float* __restrict__ x, float* sums, int tiles) {
  __shared__ double parts[ROWS][COLUMNS];
  const long long o = blockIdx.x / tiles;
  const int i = (blockIdx.x % tiles) * COLUMNS + threadIdx.x;
  double sum = 0;
  if (i < inner) {
    const float* values = x + o * length * inner + i;
#pragma unroll 4
    for (int r = threadIdx.y; r < length; r += ROWS) {
      sum += values[(long long)r * inner];
    }
  }
  parts[threadIdx.y][threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.y == 0 && i < inner) {
    double total = 0;
    for (int row = 0; row < ROWS; row++) {
      total += parts[row][threadIdx.x];
    }
    sums[o * inner + i] = (float)total;
  }
}
