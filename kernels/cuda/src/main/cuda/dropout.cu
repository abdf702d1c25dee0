// Inverted dropout: y[i] = uniform(derive(seed, stream), i) >= p ? x[i] * factor : 0, with factor = 1 / (1 - p) rounded to float32 as on the CPU.
// About 25 integer operations and 8 bytes per value: still bound by memory. The mask is never stored; its backward pass is the same call.
// Versions: see elements.cuh. y may be the memory of x.
#include "counter.cuh"
#include "elements.cuh"

// An operand that is drawn, not read: the uniform number of element i.
struct Drawn {
  long long seed;
  template <class V> __device__ __forceinline__ V load(long long i, long long) const { return draw(i, V()); }
  template <class V> __device__ __forceinline__ void store(long long, V) const {}
  __device__ __forceinline__ float draw(long long i, float) const { return counterUniform(seed, (unsigned)i); }
  __device__ __forceinline__ float4 draw(long long i, float4) const {
    return make_float4(draw(4 * i, 0.f), draw(4 * i + 1, 0.f), draw(4 * i + 2, 0.f), draw(4 * i + 3, 0.f));
  }
};

extern "C" __global__ void dropout(float p, float factor, const int* seed, int stream, const float* x, float* y, long long n) {
  const long long ofStream = counterDerive(seed, stream);
  forEach(n, [=](float v, float uniform, float& out) { out = uniform >= p ? v * factor : 0.f; }, Read{x}, Drawn{ofStream}, Write{y});
}
