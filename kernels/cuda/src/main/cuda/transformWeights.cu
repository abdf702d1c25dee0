// What an LRP rule makes of weights: out[i] = transform(w[i]), with the transforms of unweave.kernels.WeightTransform, whose order the
// numbers below follow. At most 3 FLOPs, 8 bytes per value; the choice is the same for all threads.
// Versions: see elements.cuh. out may be the memory of w.
#include "elements.cuh"
#include "vectors4.cuh"

enum WeightTransform { IDENTITY, FAVOUR_POSITIVE, FAVOUR_NEGATIVE, POSITIVE, NEGATIVE, SQUARE, ONE };

__device__ __forceinline__ float transformed(int transform, float g, float w) {
  switch (transform) {
    case FAVOUR_POSITIVE: return w > 0 ? w + g * w : w;
    case FAVOUR_NEGATIVE: return w < 0 ? w + g * w : w;
    case POSITIVE: return rectified(w);
    case NEGATIVE: return w > 0 ? 0.f : w;
    case SQUARE: return w * w;
    case ONE: return 1.f;
    default: return w;
  }
}

extern "C" __global__ void transformWeights(int transform, float g, const float* w, float* out, long long n) {
  forEach(n, [=](float v, float& to) { to = transformed(transform, g, v); }, Read{w}, Write{out});
}
