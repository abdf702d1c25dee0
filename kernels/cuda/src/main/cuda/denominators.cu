// Stabilised denominators of LRP, sign(0) = +1.
//   clippedDenominator   out[i] = sign(z[i]) * max(|z[i]|, eps).                                     8 bytes per value
//   rootMeanSquares      rms[n] = sqrt(mean of z[n, i]^2), in float64, rounded once.                 4 bytes per value
//   addRootMeanSquare    out[n, i] = z[n, i] + eps * rms[n] * sign(z[n, i]).                         8 bytes per value
// Versions: see elements.cuh; in rootMeanSquares a block takes a row (a layer's output for one input), with float4 where rows begin at
// multiples of four values. out may be the memory of z.
#include "elements.cuh"
#include "reductions.cuh"

__device__ __forceinline__ float clipped(float z, float eps) {
  if (z >= 0) {
    return z < eps ? eps : z;
  }
  return z > -eps ? -eps : z;
}

extern "C" __global__ void clippedDenominator(float eps, const float* z, float* out, long long n) {
  forEach(n, [=](float v, float& to) { to = clipped(v, eps); }, Read{z}, Write{out});
}

__device__ __forceinline__ double squared(float v) {
  return (double)v * v;
}

extern "C" __global__ void rootMeanSquares(int width, const float* __restrict__ z, float* rms, int rows) {
  for (int n = blockIdx.x; n < rows; n += gridDim.x) {
    const float* values = z + (long long)n * width;
    double sum = 0;
    if (width % 4 == 0) {
#pragma unroll 4
      for (int i = threadIdx.x; i < width / 4; i += blockDim.x) {
        const float4 v = reinterpret_cast<const float4*>(values)[i];
        sum += (squared(v.x) + squared(v.y)) + (squared(v.z) + squared(v.w));
      }
    } else {
#pragma unroll 4
      for (int i = threadIdx.x; i < width; i += blockDim.x) {
        sum += squared(values[i]);
      }
    }
    sum = sumOverBlock(sum);
    if (threadIdx.x == 0) {
      rms[n] = (float)sqrt(sum / width);
    }
  }
}

// An operand that gives element i the value of its row, i / width.
struct OfRow {
  const float* x;
  int width;
  template <class V> __device__ __forceinline__ V load(long long i, long long) const { return at(i, V()); }
  template <class V> __device__ __forceinline__ void store(long long, V) const {}
  __device__ __forceinline__ float at(long long i, float) const { return x[i >> 32 ? i / width : (unsigned)i / (unsigned)width]; }
  __device__ __forceinline__ float4 at(long long i, float4) const {
    return make_float4(at(4 * i, 0.f), at(4 * i + 1, 0.f), at(4 * i + 2, 0.f), at(4 * i + 3, 0.f));
  }
};

extern "C" __global__ void addRootMeanSquare(int width, float eps, const float* z, const float* rms, float* out, long long n) {
  auto add = [=](float v, float r, float& to) { to = v >= 0 ? v + eps * r : v - eps * r; };
  forEach(n, add, Read{z}, OfRow{rms, width}, Write{out});
}
