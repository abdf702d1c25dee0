// The two steps of a propagation rule that follow a convolution.
#pragma once

// r / s(z) with s(z) = z + eps * sign(z), sign(0) = +1; 0 where s(z) is 0.
__device__ __forceinline__ float stabilizedQuotient(float r, float z, float eps) {
  float s = z >= 0.f ? z + eps : z - eps;
  return s == 0.f ? 0.f : r / s;
}

// alpha * x * g, added to `before` or in its place.
__device__ __forceinline__ float relevanceShare(float alpha, float x, float g, bool add, float before) {
  float share = alpha * x * g;
  return add ? before + share : share;
}

__device__ __forceinline__ float4 stabilizedQuotients(const float4& r, const float4& z, float eps) {
  return make_float4(stabilizedQuotient(r.x, z.x, eps), stabilizedQuotient(r.y, z.y, eps), stabilizedQuotient(r.z, z.z, eps),
      stabilizedQuotient(r.w, z.w, eps));
}
