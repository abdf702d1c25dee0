// add:        c[i] = a[i] + b[i mod period].              1 FLOP, 8 bytes per value and what is read of b.
// addScaled:  y[i] += alpha * x[i mod period].            2 FLOPs, 8 bytes per value and what is read of x.
// Versions: see elements.cuh. The output may be the memory of an input.
#include "elements.cuh"

extern "C" __global__ void add(const float* a, const float* b, float* c, long long n, long long period) {
  forEach(n, period, [](float v, float w, float& out) { out = v + w; }, Read{a}, Repeat{b}, Write{c});
}

extern "C" __global__ void addScaled(float alpha, const float* x, float* y, long long n, long long period) {
  forEach(n, period, [=](float v, float& out) { out += alpha * v; }, Repeat{x}, Update{y});
}
