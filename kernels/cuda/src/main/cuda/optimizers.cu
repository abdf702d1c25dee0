// sgd:   g = gradient + decay * w;  v = momentum * v + g;  w -= rate * v.      6 FLOPs, 20 bytes per weight.
// adam:  g = gradient + decay * w;  m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2;
//        w -= step[0] * m / (sqrt(v) * step[1] + eps).                         14 FLOPs, 28 bytes per weight.
// with step = {rate / (1 - beta1^t), 1 / sqrt(1 - beta2^t)}, computed in float64 on the host for every update t, and in memory, so that a graph
// of the update serves all of them.
// All in place, each weight read and written once. Versions: see elements.cuh.
#include "elements.cuh"

extern "C" __global__ void sgd(float rate, float momentum, float decay, const float* gradient, float* velocity, float* w, long long n) {
  auto step = [=](float dw, float& v, float& weight) {
    v = momentum * v + (dw + decay * weight);
    weight -= rate * v;
  };
  forEach(n, step, Read{gradient}, Update{velocity}, Update{w});
}

extern "C" __global__ void adam(float beta1, float oneMinusBeta1, float beta2, float oneMinusBeta2, float eps, float decay,
                                const float* step, const float* gradient, float* m, float* v, float* w, long long n) {
  const float stepSize = step[0];
  const float inverseRoot = step[1];
  auto change = [=](float dw, float& mean, float& square, float& weight) {
    const float g = dw + decay * weight;
    mean = beta1 * mean + oneMinusBeta1 * g;
    square = beta2 * square + oneMinusBeta2 * g * g;
    weight -= stepSize * mean / (sqrtf(square) * inverseRoot + eps);
  };
  forEach(n, change, Read{gradient}, Update{m}, Update{v}, Update{w});
}
