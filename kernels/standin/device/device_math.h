// CUDA's arithmetic functions that the C library does not have. Everything else (fmaf, expf, logf, sqrtf, fminf ...) is libm's.
#pragma once

template <typename T>
T __ldg(const T* address) { return *address; }

namespace standin {
template <typename To, typename From>
To bits(From value) {
  static_assert(sizeof(To) == sizeof(From));
  To result;
  memcpy(&result, &value, sizeof result);
  return result;
}
/// Hides a value from the compiler, which then cannot contract a product and a sum into one fused operation.
inline float rounded(float value) { asm("" : "+x"(value)); return value; }
inline double rounded(double value) { asm("" : "+x"(value)); return value; }
}

inline int __float_as_int(float v) { return standin::bits<int>(v); }
inline unsigned __float_as_uint(float v) { return standin::bits<unsigned>(v); }
inline float __int_as_float(int v) { return standin::bits<float>(v); }
inline float __uint_as_float(unsigned v) { return standin::bits<float>(v); }
inline long long __double_as_longlong(double v) { return standin::bits<long long>(v); }
inline double __longlong_as_double(long long v) { return standin::bits<double>(v); }

inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
inline float __fmul_rn(float a, float b) { return standin::rounded(a * b); }
inline float __fadd_rn(float a, float b) { return standin::rounded(standin::rounded(a) + standin::rounded(b)); }
inline float __fsub_rn(float a, float b) { return standin::rounded(standin::rounded(a) - standin::rounded(b)); }
inline float __fdiv_rn(float a, float b) { return standin::rounded(a / b); }
inline float __frcp_rn(float a) { return standin::rounded(1.0f / a); }
inline float __fsqrt_rn(float a) { return sqrtf(a); }
inline double __fma_rn(double a, double b, double c) { return fma(a, b, c); }
inline double __dmul_rn(double a, double b) { return standin::rounded(a * b); }
inline double __dadd_rn(double a, double b) { return standin::rounded(standin::rounded(a) + standin::rounded(b)); }
inline double __dsub_rn(double a, double b) { return standin::rounded(standin::rounded(a) - standin::rounded(b)); }
inline double __ddiv_rn(double a, double b) { return standin::rounded(a / b); }
inline double __dsqrt_rn(double a) { return sqrt(a); }
inline float rsqrtf(float v) { return 1.0f / sqrtf(v); }
inline double rsqrt(double v) { return 1.0 / sqrt(v); }

// Conversions: to nearest even (rn), towards zero (rz), down (rd), up (ru). Out of range saturates and NaN gives 0, as on the device.
namespace standin {
inline int saturated(double v) {
  return v != v ? 0 : v >= 2147483647.0 ? INT_MAX : v <= -2147483648.0 ? INT_MIN : static_cast<int>(v);
}
}
inline int __float2int_rn(float v) { return standin::saturated(nearbyint(static_cast<double>(v))); }
inline int __float2int_rz(float v) { return standin::saturated(v); }
inline int __float2int_rd(float v) { return standin::saturated(floor(static_cast<double>(v))); }
inline int __float2int_ru(float v) { return standin::saturated(ceil(static_cast<double>(v))); }
inline int __double2int_rn(double v) { return standin::saturated(nearbyint(v)); }
inline int __double2int_rz(double v) { return standin::saturated(v); }
inline float __int2float_rn(int v) { return static_cast<float>(v); }
inline float __uint2float_rn(unsigned v) { return static_cast<float>(v); }
inline float __ll2float_rn(long long v) { return static_cast<float>(v); }
inline float __double2float_rn(double v) { return static_cast<float>(v); }

inline int __popc(unsigned v) { return __builtin_popcount(v); }
inline int __popcll(unsigned long long v) { return __builtin_popcountll(v); }
inline int __clz(int v) { return v == 0 ? 32 : __builtin_clz(static_cast<unsigned>(v)); }
inline int __clzll(long long v) { return v == 0 ? 64 : __builtin_clzll(static_cast<unsigned long long>(v)); }
inline int __ffs(int v) { return __builtin_ffs(v); }
inline unsigned __umulhi(unsigned a, unsigned b) { return static_cast<unsigned>((static_cast<uint64_t>(a) * b) >> 32); }
inline int __mulhi(int a, int b) { return static_cast<int>((static_cast<int64_t>(a) * b) >> 32); }
inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
  return static_cast<unsigned long long>((static_cast<unsigned __int128>(a) * b) >> 64);
}

// min and max; on floating-point arguments a NaN loses, as with fminf and fmaxf.
#define STANDIN_EXTREME(name, type, expression) inline type name(type a, type b) { return expression; }
#define STANDIN_EXTREMES(type) STANDIN_EXTREME(min, type, a < b ? a : b) STANDIN_EXTREME(max, type, a > b ? a : b)
STANDIN_EXTREMES(int)
STANDIN_EXTREMES(unsigned)
STANDIN_EXTREMES(long)
STANDIN_EXTREMES(unsigned long)
STANDIN_EXTREMES(long long)
STANDIN_EXTREMES(unsigned long long)
STANDIN_EXTREME(min, float, fminf(a, b))
STANDIN_EXTREME(max, float, fmaxf(a, b))
STANDIN_EXTREME(min, double, fmin(a, b))
STANDIN_EXTREME(max, double, fmax(a, b))
inline double min(float a, double b) { return fmin(a, b); }
inline double min(double a, float b) { return fmin(a, b); }
inline double max(float a, double b) { return fmax(a, b); }
inline double max(double a, float b) { return fmax(a, b); }
inline unsigned min(int a, unsigned b) { return min(static_cast<unsigned>(a), b); }
inline unsigned min(unsigned a, int b) { return min(a, static_cast<unsigned>(b)); }
inline unsigned max(int a, unsigned b) { return max(static_cast<unsigned>(a), b); }
inline unsigned max(unsigned a, int b) { return max(a, static_cast<unsigned>(b)); }

// Atomics on integers. Other blocks may run on other OS threads, so these are real ones. Floating-point atomics are left out: their sums
// would depend on the order of the threads.
namespace standin {
template <typename T, typename Change>
STANDIN_HOST T atomicChange(T* address, Change change) {
  checkAtomic(address, sizeof(T));
  T before = __atomic_load_n(address, __ATOMIC_RELAXED);
  while (!__atomic_compare_exchange_n(address, &before, change(before), false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {
  }
  return before;
}
}
#define STANDIN_ATOMIC(name, type, result) \
  inline type name(type* address, type value) { return standin::atomicChange(address, [=](type old) -> type { return result; }); }
#define STANDIN_ATOMICS(type) \
  STANDIN_ATOMIC(atomicAdd, type, old + value) STANDIN_ATOMIC(atomicExch, type, (void(old), value)) \
  STANDIN_ATOMIC(atomicMin, type, old < value ? old : value) STANDIN_ATOMIC(atomicMax, type, old > value ? old : value) \
  STANDIN_ATOMIC(atomicAnd, type, old & value) STANDIN_ATOMIC(atomicOr, type, old | value) STANDIN_ATOMIC(atomicXor, type, old ^ value) \
  inline type atomicCAS(type* address, type expected, type value) { \
    return standin::atomicChange(address, [=](type old) -> type { return old == expected ? value : old; }); \
  }
STANDIN_ATOMICS(int)
STANDIN_ATOMICS(unsigned)
STANDIN_ATOMICS(unsigned long long)
STANDIN_ATOMIC(atomicSub, int, old - value)
STANDIN_ATOMIC(atomicSub, unsigned, old - value)
