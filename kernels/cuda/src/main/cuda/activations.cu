// Nonlinearities f(x; a) of unweave.kernels.Activation, whose order the numbers below follow.
//   activate             y[i] = f(x[i]; a).                   8 bytes per value
//   activationBackward   dx[i] = dy[i] * f'(x[i]; a).         12 bytes per value
// 2 to 60 instructions per value, in float32: exponentials, tanh and erf of CUDA's library are right to a few units in the last place.
// The choice is the same for all threads. Versions: see elements.cuh. Outputs may be the memory of an input.
#include "elements.cuh"
#include "vectors4.cuh"

enum Activation { LEAKY_RELU, ELU, GELU, SILU, SIGMOID, TANH, SOFTPLUS, HARD_SIGMOID };

__device__ __forceinline__ float sigmoid(float x) {
  return 1.f / (1.f + expf(-x));
}

// The distribution function of the standard normal distribution.
__device__ __forceinline__ float normalDistribution(float x) {
  return 0.5f * erfcf(-0.70710678f * x);
}

// Between 0 and 1; NaN stays NaN.
__device__ __forceinline__ float clamped(float x) {
  return x < 0 ? 0.f : x > 1 ? 1.f : x;
}

__device__ __forceinline__ float activated(int f, float a, float x) {
  switch (f) {
    case LEAKY_RELU: return x > 0 ? x : a * x;
    case ELU: return x > 0 ? x : a * expm1f(x);
    case GELU: return x * normalDistribution(x);
    case SILU: return x * sigmoid(x);
    case SIGMOID: return sigmoid(x);
    case TANH: return tanhf(x);
    case SOFTPLUS: return rectified(x) + log1pf(expf(-fabsf(a * x))) / a;
    default: return clamped(x / 6.f + 0.5f);  // HARD_SIGMOID
  }
}

__device__ __forceinline__ float derivative(int f, float a, float x) {
  switch (f) {
    case LEAKY_RELU: return x > 0 ? 1.f : a;
    case ELU: return x > 0 ? 1.f : a * expf(x);
    case GELU: return normalDistribution(x) + x * 0.39894228f * expf(-0.5f * x * x);
    case SILU: return sigmoid(x) * (1.f + x * (1.f - sigmoid(x)));
    case SIGMOID: return sigmoid(x) * (1.f - sigmoid(x));
    case TANH: return 1.f - tanhf(x) * tanhf(x);
    case SOFTPLUS: return sigmoid(a * x);
    default: return x > -3.f && x <= 3.f ? 1.f / 6.f : 0.f;  // HARD_SIGMOID
  }
}

extern "C" __global__ void activate(int f, float a, const float* x, float* y, long long n) {
  forEach(n, [=](float v, float& out) { out = activated(f, a, v); }, Read{x}, Write{y});
}

extern "C" __global__ void activationBackward(int f, float a, const float* x, const float* dy, float* dx, long long n) {
  forEach(n, [=](float v, float g, float& out) { out = g * derivative(f, a, v); }, Read{x}, Read{dy}, Write{dx});
}
