// Divisions of LRP and DRSA, with s(z) = z + eps * sign(z), sign(0) = +1; where s(z) = 0 the quotient is 0.
//   stabilizedDivide:  out[i] = r[i] / s(z[i mod period]).      Context vectors are r / s(a) with eps = 0.
//   selectiveDivide:   the same where selector[i mod selectorPeriod] * sign > 0, else 0.
// 2 to 4 FLOPs (an IEEE division is about 10 instructions), 8 bytes per value and what is read of z and selector.
// Versions: see elements.cuh. selectiveDivide takes one remainder per thread where selector and z are equally long, as they are in every
// rule of unweave.lrp, and one per value else. out may be the memory of an input.
#include "elements.cuh"

__device__ __forceinline__ float divideByStabilized(float r, float z, float eps) {
  const float s = z >= 0 ? z + eps : z - eps;
  return s == 0 ? 0.f : r / s;
}

extern "C" __global__ void stabilizedDivide(float eps, const float* r, const float* z, float* out, long long n, long long period) {
  forEach(n, period, [=](float v, float w, float& to) { to = divideByStabilized(v, w, eps); }, Read{r}, Repeat{z}, Write{out});
}

// An operand that repeats at another length than the others.
struct RepeatApart {
  const float* x;
  long long period;
  template <class V> __device__ __forceinline__ V load(long long i, long long) const { return at(i, V()); }
  template <class V> __device__ __forceinline__ void store(long long, V) const {}
  __device__ __forceinline__ float at(long long i, float) const { return x[i % period]; }
  __device__ __forceinline__ float4 at(long long i, float4) const {
    return make_float4(at(4 * i, 0.f), at(4 * i + 1, 0.f), at(4 * i + 2, 0.f), at(4 * i + 3, 0.f));
  }
};

extern "C" __global__ void selectiveDivide(float eps, float sign, const float* selector, long long selectorPeriod, const float* r,
                                           const float* z, float* out, long long n, long long period) {
  auto divide = [=](float selected, float v, float w, float& to) { to = selected * sign > 0 ? divideByStabilized(v, w, eps) : 0.f; };
  if (selectorPeriod == period) {
    forEach(n, period, divide, Repeat{selector}, Read{r}, Repeat{z}, Write{out});
  } else {
    forEach(n, period, divide, RepeatApart{selector, selectorPeriod}, Read{r}, Repeat{z}, Write{out});
  }
}
