// Nonlinearities f(x; a, b) of unweave.kernels.Activation, whose order the numbers below follow.
//   activate             y[i] = f(x[i]; a, b).                   8 bytes per value
//   activationBackward   dx[i] = dy[i] * f'(x[i]; a, b).         12 bytes per value
// 2 to 60 instructions per value, in float32: exponentials, tanh and erf of CUDA's library are right to a few units in the last place.
// The choice is the same for all threads. Versions: see elements.cuh. Outputs may be the memory of an input.
#include "elements.cuh"
#include "vectors4.cuh"

enum Activation { LEAKY_RELU, ELU, GELU, SILU, SIGMOID, TANH, SOFTPLUS, HARD_SIGMOID, CLIP, HARD_SWISH, MISH, GELU_TANH, SELU, CELU, SOFTSIGN,
                  THRESHOLDED_RELU, EXP, LOG, SQRT, ABS, ERF, POWER };

__device__ __forceinline__ float sigmoid(float x) {
  return 1.f / (1.f + expf(-x));
}

// The distribution function of the standard normal distribution.
__device__ __forceinline__ float normalDistribution(float x) {
  return 0.5f * erfcf(-0.70710678f * x);
}

// Between low and high; NaN stays NaN.
__device__ __forceinline__ float clamped(float low, float high, float x) {
  return x < low ? low : x > high ? high : x;
}

__device__ __forceinline__ float softplus(float x) {
  return rectified(x) + log1pf(expf(-fabsf(x)));
}

// The tanh of the approximate GELU.
__device__ __forceinline__ float geluTanh(float x) {
  return tanhf(0.79788456f * (x + 0.044715f * x * x * x));
}

// The functions that cost most, and those that hardly any network has: called, since 16 copies of each would make this file large. A
// static function's name would hold a hash of the folder, and compiling elsewhere would give another file.
extern "C" __attribute__((noinline)) __device__ float seldomActivated(int f, float a, float b, float x) {
  switch (f) {
    case MISH: return x * tanhf(softplus(x));
    case GELU_TANH: return 0.5f * x * (1.f + geluTanh(x));
    case SELU: return b * (x > 0 ? x : a * expm1f(x));
    case CELU: return x > 0 ? x : a * expm1f(x / a);
    case SOFTSIGN: return x / (1.f + fabsf(x));
    case EXP: return expf(x);
    case LOG: return logf(x);
    case SQRT: return sqrtf(x);
    case ERF: return erff(x);
    default: return powf(x, a);  // POWER
  }
}

extern "C" __attribute__((noinline)) __device__ float seldomDerivative(int f, float a, float b, float x) {
  switch (f) {
    case MISH: {
      const float t = tanhf(softplus(x));
      return t + x * (1.f - t * t) * sigmoid(x);
    }
    case GELU_TANH: {
      const float t = geluTanh(x);
      return 0.5f * (1.f + t + x * (1.f - t * t) * 0.79788456f * (1.f + 0.134145f * x * x));
    }
    case SELU: return x > 0 ? b : b * a * expf(x);
    case CELU: return x > 0 ? 1.f : expf(x / a);
    case SOFTSIGN: return 1.f / ((1.f + fabsf(x)) * (1.f + fabsf(x)));
    case EXP: return expf(x);
    case LOG: return 1.f / x;
    case SQRT: return 0.5f / sqrtf(x);
    case ERF: return 1.12837917f * expf(-x * x);
    default: return a == 0 ? 0.f : a * powf(x, a - 1.f);  // POWER
  }
}

__device__ __forceinline__ float activated(int f, float a, float b, float x) {
  switch (f) {
    case LEAKY_RELU: return x > 0 ? x : a * x;
    case ELU: return x > 0 ? x : a * expm1f(x);
    case GELU: return x * normalDistribution(x);
    case SILU: return x * sigmoid(x);
    case SIGMOID: return sigmoid(x);
    case TANH: return tanhf(x);
    case SOFTPLUS: return rectified(x) + log1pf(expf(-fabsf(a * x))) / a;
    case HARD_SIGMOID: return clamped(0.f, 1.f, a * x + b);
    case CLIP: return clamped(a, b, x);
    case HARD_SWISH: return x * clamped(0.f, 1.f, x / 6.f + 0.5f);
    case THRESHOLDED_RELU: return x <= a ? 0.f : x;
    case ABS: return fabsf(x);
    default: return seldomActivated(f, a, b, x);
  }
}

__device__ __forceinline__ float derivative(int f, float a, float b, float x) {
  switch (f) {
    case LEAKY_RELU: return x > 0 ? 1.f : a;
    case ELU: return x > 0 ? 1.f : a * expf(x);
    case GELU: return normalDistribution(x) + x * 0.39894228f * expf(-0.5f * x * x);
    case SILU: return sigmoid(x) * (1.f + x * (1.f - sigmoid(x)));
    case SIGMOID: return sigmoid(x) * (1.f - sigmoid(x));
    case TANH: return 1.f - tanhf(x) * tanhf(x);
    case SOFTPLUS: return sigmoid(a * x);
    case HARD_SIGMOID: return a * x + b > 0 && a * x + b <= 1.f ? a : 0.f;
    case CLIP: return x > a && x <= b ? 1.f : 0.f;
    case HARD_SWISH: return x <= -3.f ? 0.f : x <= 3.f ? x / 3.f + 0.5f : 1.f;
    case THRESHOLDED_RELU: return x > a ? 1.f : 0.f;
    case ABS: return x > 0 ? 1.f : -1.f;
    default: return seldomDerivative(f, a, b, x);
  }
}

extern "C" __global__ void activate(int f, float a, float b, const float* x, float* y, long long n) {
  forEach(n, [=](float v, float& out) { out = activated(f, a, b, v); }, Read{x}, Write{y});
}

extern "C" __global__ void activationBackward(int f, float a, float b, const float* x, const float* dy, float* dx, long long n) {
  forEach(n, [=](float v, float g, float& out) { out = g * derivative(f, a, b, v); }, Read{x}, Read{dy}, Write{dx});
}
