// The part of CUDA C++ that our .cu files use, for g++. The build script includes this file before every .cu file,
// so the .cu file itself does not mention it. What is missing here is missing on purpose: see the rules in README.md.
#pragma once
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "registry.h"
#include "threads.h"

// The build script finds the kernels by this exact attribute list in the preprocessed text.
#define __global__ __attribute__((__used__, __visibility__("hidden")))
#define __device__
#define __host__
#define __forceinline__ inline __attribute__((__always_inline__))
#define __launch_bounds__(...)
#define __align__(bytes) alignas(bytes)
#define warpSize 32

// Blocks run on several OS threads at once, each on one of them from start to end, so a block's shared memory is memory of its OS thread.
// The checking build runs one block at a time; plain static arrays have fixed addresses there, which its shadow memory needs.
#ifdef STANDIN_CHECKING
#define __shared__ static
#else
#define __shared__ static thread_local
#endif

struct alignas(8) float2 { float x, y; };
struct float3 { float x, y, z; };
struct alignas(16) float4 { float x, y, z, w; };
struct alignas(8) int2 { int x, y; };
struct int3 { int x, y, z; };
struct alignas(16) int4 { int x, y, z, w; };
struct alignas(8) uint2 { unsigned int x, y; };
struct alignas(16) uint4 { unsigned int x, y, z, w; };
struct alignas(4) uchar4 { unsigned char x, y, z, w; };
struct alignas(16) double2 { double x, y; };
struct alignas(16) longlong2 { long long x, y; };
inline float2 make_float2(float x, float y) { return {x, y}; }
inline float3 make_float3(float x, float y, float z) { return {x, y, z}; }
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
inline int2 make_int2(int x, int y) { return {x, y}; }
inline int3 make_int3(int x, int y, int z) { return {x, y, z}; }
inline int4 make_int4(int x, int y, int z, int w) { return {x, y, z, w}; }
inline uint2 make_uint2(unsigned int x, unsigned int y) { return {x, y}; }
inline uint3 make_uint3(unsigned int x, unsigned int y, unsigned int z) { return {x, y, z}; }
inline uint4 make_uint4(unsigned int x, unsigned int y, unsigned int z, unsigned int w) { return {x, y, z, w}; }
inline uchar4 make_uchar4(unsigned char x, unsigned char y, unsigned char z, unsigned char w) { return {x, y, z, w}; }
inline double2 make_double2(double x, double y) { return {x, y}; }
inline longlong2 make_longlong2(long long x, long long y) { return {x, y}; }

#define threadIdx (standin::position.thread)
#define blockIdx (standin::position.block)
#define blockDim (standin::position.blockSize)
#define gridDim (standin::position.gridSize)

// Waiting. The place of the call travels along, so that threads that wait at different places are found out.
#define STANDIN_PLACE const char *file = __builtin_FILE(), int line = __builtin_LINE()
inline void __syncthreads(STANDIN_PLACE) { standin::barrier(standin::Vote::Barrier, 0, file, line); }
inline int __syncthreads_and(int p, STANDIN_PLACE) { return standin::barrier(standin::Vote::And, p, file, line); }
inline int __syncthreads_or(int p, STANDIN_PLACE) { return standin::barrier(standin::Vote::Or, p, file, line); }
inline int __syncthreads_count(int p, STANDIN_PLACE) { return standin::barrier(standin::Vote::Count, p, file, line); }
inline void __threadfence() {}
inline void __threadfence_block() {}

namespace standin {
template <typename T>
T exchangeValue(unsigned mask, T value, int source, const char* file, int line) {
  static_assert(sizeof(T) == 4 || sizeof(T) == 8, "shuffles move 4 or 8 bytes");
  uint64_t bits = 0;
  memcpy(&bits, &value, sizeof value);
  bits = exchange(mask, bits, source, file, line);
  memcpy(&value, &bits, sizeof value);
  return value;
}
}

template <typename T>
T __shfl_sync(unsigned mask, T value, int source, int width = 32, STANDIN_PLACE) {
  int first = standin::lane() & ~(width - 1);
  return standin::exchangeValue(mask, value, first + (source & (width - 1)), file, line);
}
template <typename T>
T __shfl_xor_sync(unsigned mask, T value, int flip, int width = 32, STANDIN_PLACE) {
  int own = standin::lane(), source = own ^ flip;
  return standin::exchangeValue(mask, value, source < (own & ~(width - 1)) + width ? source : own, file, line);
}
template <typename T>
T __shfl_down_sync(unsigned mask, T value, unsigned int delta, int width = 32, STANDIN_PLACE) {
  int own = standin::lane(), source = own + static_cast<int>(delta);
  return standin::exchangeValue(mask, value, source < (own & ~(width - 1)) + width ? source : own, file, line);
}
template <typename T>
T __shfl_up_sync(unsigned mask, T value, unsigned int delta, int width = 32, STANDIN_PLACE) {
  int own = standin::lane(), source = own - static_cast<int>(delta);
  return standin::exchangeValue(mask, value, source >= (own & ~(width - 1)) ? source : own, file, line);
}
inline unsigned __ballot_sync(unsigned mask, int predicate, STANDIN_PLACE) {
  return static_cast<unsigned>(standin::exchange(mask, predicate != 0, -1, file, line));
}
inline int __any_sync(unsigned mask, int predicate, STANDIN_PLACE) { return __ballot_sync(mask, predicate, file, line) != 0; }
inline int __all_sync(unsigned mask, int predicate, STANDIN_PLACE) { return __ballot_sync(mask, !predicate, file, line) == 0; }

#include "device_math.h"
