// relu:          y[i] = max(0, x[i]), NaN stays NaN.      1 comparison, 8 bytes per value.
// reluBackward:  dx[i] = y[i] > 0 ? dy[i] : 0.            1 comparison, 12 bytes per value.
// Versions: see elements.cuh. y and dx may be the memory of an input.
#include "elements.cuh"
#include "vectors4.cuh"

extern "C" __global__ void relu(const float* x, float* y, long long n) {
  forEach(n, [](float v, float& out) { out = rectified(v); }, Read{x}, Write{y});
}

extern "C" __global__ void reluBackward(const float* y, const float* dy, float* dx, long long n) {
  forEach(n, [](float v, float g, float& out) { out = v > 0 ? g : 0.f; }, Read{y}, Read{dy}, Write{dx});
}
