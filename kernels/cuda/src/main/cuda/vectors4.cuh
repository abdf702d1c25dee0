// Four neighbouring floats, and what a ReLU makes of them.
#pragma once

// max(0, v) that keeps NaN, as the interface asks; fmaxf would drop it.
__device__ __forceinline__ float rectified(float v) { return v <= 0.f ? 0.f : v; }

__device__ __forceinline__ float4 load4(const float* p) { return __ldg(reinterpret_cast<const float4*>(p)); }

__device__ __forceinline__ void store4(float* p, const float4& v) { *reinterpret_cast<float4*>(p) = v; }

__device__ __forceinline__ float4 add4(const float4& a, const float4& b) { return make_float4(a.x + b.x, a.y + b.y, a.z + b.z, a.w + b.w); }

__device__ __forceinline__ float4 rectified4(const float4& v) {
  return make_float4(rectified(v.x), rectified(v.y), rectified(v.z), rectified(v.w));
}

// sum += a * b
__device__ __forceinline__ void fma4(float a, const float4& b, float4& sum) {
  sum.x = fmaf(a, b.x, sum.x);
  sum.y = fmaf(a, b.y, sum.y);
  sum.z = fmaf(a, b.z, sum.z);
  sum.w = fmaf(a, b.w, sum.w);
}
