// Walking over the elements of operands, for operations that make one value from one value of each operand.
//
//   forEach(n, period, f, operands...)   calls f(value of operand 1, value of operand 2, ...) for every i < n
//
// A Read operand gives x[i], a Repeat operand x[i mod period]; a Write operand takes what f assigns to its (reference) argument, an Update
// operand does both. Operands may be the same memory: a thread has read all values of an element before it writes one, and no other
// thread touches that element.
//
// Versions: float4 where a group of four elements is one of every operand (period divisible by 4, or nothing repeats; then the last n mod 4
// elements go one by one), else float. A thread holds 4 groups at once (2 where there are many operands), all loaded before the first is
// used: with 1024 threads on a multiprocessor, which 64 registers allow, that is 64 KB in flight per operand, where an H200 needs 30 KB
// (4.8 TB/s, some 0.8 us, 132 multiprocessors). The index of the repeating operands costs one 32-bit remainder per thread, then an addition
// per group.
#pragma once
#include <utility>

struct Read {
  const float* x;
  template <class V> __device__ __forceinline__ V load(long long i, long long) const { return reinterpret_cast<const V*>(x)[i]; }
  template <class V> __device__ __forceinline__ void store(long long, V) const {}
};

struct Repeat {
  const float* x;
  template <class V> __device__ __forceinline__ V load(long long, long long j) const { return reinterpret_cast<const V*>(x)[j]; }
  template <class V> __device__ __forceinline__ void store(long long, V) const {}
};

struct Write {
  float* y;
  template <class V> __device__ __forceinline__ V load(long long, long long) const { return V(); }
  template <class V> __device__ __forceinline__ void store(long long i, V value) const { reinterpret_cast<V*>(y)[i] = value; }
};

struct Update {
  float* y;
  template <class V> __device__ __forceinline__ V load(long long i, long long) const { return reinterpret_cast<const V*>(y)[i]; }
  template <class V> __device__ __forceinline__ void store(long long i, V value) const { reinterpret_cast<V*>(y)[i] = value; }
};

template <class F, int... M>
__device__ __forceinline__ void applyTo(float* values, F f, std::integer_sequence<int, M...>) {
  f(values[M]...);
}

template <class F, int... M>
__device__ __forceinline__ void applyTo(float4* values, F f, std::integer_sequence<int, M...>) {
  f(values[M].x...);
  f(values[M].y...);
  f(values[M].z...);
  f(values[M].w...);
}

__device__ __forceinline__ long long threadNumber() {
  return (long long)blockIdx.x * blockDim.x + threadIdx.x;
}

// forEach over n values of type V, float or float4; the number of threads is less than 2^31.
template <class V, class F, class... Operand>
__device__ __forceinline__ void walk(long long n, long long period, F f, Operand... operand) {
  constexpr int operands = sizeof...(Operand);
  constexpr int groups = operands <= 3 ? 4 : 2;
  const long long threads = (long long)gridDim.x * blockDim.x;
  const long long advance = period > threads ? threads : (unsigned)threads % (unsigned)period;
  long long j = period > threads ? threadNumber() : (unsigned)threadNumber() % (unsigned)period;
  for (long long first = threadNumber(); first < n; first += groups * threads) {
    V values[groups][operands] = {};
#pragma unroll
    for (int group = 0; group < groups; group++) {
      const long long i = first + group * threads;
      if (i < n) {
        int m = 0;
        ((values[group][m++] = operand.template load<V>(i, j)), ...);
      }
      j += advance;
      j -= j >= period ? period : 0;
    }
#pragma unroll
    for (int group = 0; group < groups; group++) {
      const long long i = first + group * threads;
      if (i < n) {
        applyTo(values[group], f, std::make_integer_sequence<int, operands>());
        int m = 0;
        (operand.store(i, values[group][m++]), ...);
      }
    }
  }
}

template <class F, class... Operand>
__device__ __forceinline__ void forEach(long long n, long long period, F f, Operand... operand) {
  if (period != n && period % 4 != 0) {
    walk<float>(n, period, f, operand...);
    return;
  }
  if (n >= 4) {
    walk<float4>(n / 4, period / 4, f, operand...);
  }
  const long long i = n - n % 4 + threadNumber();
  if (i < n) {
    float values[sizeof...(Operand)] = {operand.template load<float>(i, i)...};
    applyTo(values, f, std::make_integer_sequence<int, sizeof...(Operand)>());
    int m = 0;
    (operand.store(i, values[m++]), ...);
  }
}

// forEach without operands that repeat.
template <class F, class... Operand>
__device__ __forceinline__ void forEach(long long n, F f, Operand... operand) {
  forEach(n, n, f, operand...);
}
