// positivePart:  y[i] = max(x[i], 0).    negativePart:  y[i] = min(x[i], 0).    NaN stays NaN.    1 comparison, 8 bytes per value.
// Versions: see elements.cuh. y may be the memory of x.
#include "elements.cuh"
#include "vectors4.cuh"

extern "C" __global__ void positivePart(const float* x, float* y, long long n) {
  forEach(n, [](float v, float& out) { out = rectified(v); }, Read{x}, Write{y});
}

extern "C" __global__ void negativePart(const float* x, float* y, long long n) {
  forEach(n, [](float v, float& out) { out = v > 0 ? 0.f : v; }, Read{x}, Write{y});
}
