// out[i] += alpha * x[i mod period] * g[i]: the last step of an LRP rule, input times the backward pass.
// 3 FLOPs, 12 bytes per value and what is read of x. Versions: see elements.cuh. out may be the memory of an input.
#include "elements.cuh"

extern "C" __global__ void addProduct(float alpha, const float* x, const float* g, float* out, long long n, long long period) {
  forEach(n, period, [=](float v, float w, float& to) { to += alpha * v * w; }, Repeat{x}, Read{g}, Update{out});
}
