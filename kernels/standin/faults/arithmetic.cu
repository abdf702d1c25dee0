// One fault each: whole numbers that go wrong.

extern "C" __global__ void overflowsInt(const float* x, float* y, int n) {
  int index = (n * 40000 + static_cast<int>(threadIdx.x)) * 40000;
  y[threadIdx.x] = index > 0 ? x[threadIdx.x] : 0.f;
}

extern "C" __global__ void dividesByZero(const float* x, float* y, int n) {
  y[threadIdx.x] = x[threadIdx.x] / (n / (static_cast<int>(threadIdx.x) - 5));
}
