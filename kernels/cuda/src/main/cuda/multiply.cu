// multiply:  c[i] = a[i] * b[i mod period].               1 FLOP, 8 bytes per value and what is read of b.
// scale:     y[i] = alpha * x[i].                         1 FLOP, 8 bytes per value.
// Versions: see elements.cuh. The output may be the memory of an input.
#include "elements.cuh"

extern "C" __global__ void multiply(const float* a, const float* b, float* c, long long n, long long period) {
  forEach(n, period, [](float v, float w, float& out) { out = v * w; }, Read{a}, Repeat{b}, Write{c});
}

extern "C" __global__ void scale(float alpha, const float* x, float* y, long long n) {
  forEach(n, [=](float v, float& out) { out = alpha * v; }, Read{x}, Write{y});
}
