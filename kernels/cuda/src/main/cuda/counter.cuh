// Counter-based random numbers, bit for bit those of unweave.kernels.Counter: a value depends on a seed and a position alone. The mixing
// function is the 32-bit finaliser "lowbias32" (C. Wellons, 2018), applied twice with the two seed halves.
#pragma once

__device__ __forceinline__ unsigned counterMix(unsigned x) {
  x ^= x >> 16;
  x *= 0x7feb352du;
  x ^= x >> 15;
  x *= 0x846ca68bu;
  return x ^ (x >> 16);
}

// A seed for a stream of numbers, from one that lies in memory as its lower and its upper half.
__device__ __forceinline__ long long counterDerive(const int* seed, long long stream) {
  unsigned long long z = (unsigned)seed[0] | (unsigned long long)(unsigned)seed[1] << 32;
  z += 0x9E3779B97F4A7C15ull * (unsigned long long)(stream + 1);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return (long long)(z ^ (z >> 31));
}

// 32 well-mixed bits of (seed, index).
__device__ __forceinline__ unsigned counterBits(long long seed, unsigned index) {
  return counterMix(counterMix(index ^ (unsigned)seed) ^ (unsigned)((unsigned long long)seed >> 32));
}

// A uniform number in [0, 1) with 24 bits, exact in float32.
__device__ __forceinline__ float counterUniform(long long seed, unsigned index) {
  return (float)(counterBits(seed, index) >> 8) * 0x1p-24f;
}
