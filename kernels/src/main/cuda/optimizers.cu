// sgd:   g = gradient + decay * w;  v = momentum * v + g;  w -= rate * v.      6 FLOPs, 20 bytes per weight.
// adam:  g = gradient + decay * w;  m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2;
//        w -= stepSize * m / (sqrt(v) * inverseRoot + eps).                    14 FLOPs, 28 bytes per weight.
// with stepSize = rate / (1 - beta1^step) and inverseRoot = 1 / sqrt(1 - beta2^step), computed in float64 on the host.
// All in place, each weight read and written once. Versions: see elements.cuh.
#include "elements.cuh"

extern "C" __global__ void sgd(float rate, float momentum, float decay, const float* gradient, float* velocity, float* w, long long n) {
  auto step = [=](float dw, float& v, float& weight) {
    v = momentum * v + (dw + decay * weight);
    weight -= rate * v;
  };
  forEach(n, step, Read{gradient}, Update{velocity}, Update{w});
}

extern "C" __global__ void adam(float stepSize, float beta1, float oneMinusBeta1, float beta2, float oneMinusBeta2, float inverseRoot,
                                float eps, float decay, const float* gradient, float* m, float* v, float* w, long long n) {
  auto step = [=](float dw, float& mean, float& square, float& weight) {
    const float g = dw + decay * weight;
    mean = beta1 * mean + oneMinusBeta1 * g;
    square = beta2 * square + oneMinusBeta2 * g * g;
    weight -= stepSize * mean / (sqrtf(square) * inverseRoot + eps);
  };
  forEach(n, step, Read{gradient}, Update{m}, Update{v}, Update{w});
}
