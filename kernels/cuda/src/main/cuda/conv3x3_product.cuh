// What a propagation rule makes of the sums of conv3x3.cuh towards the input: out (+)= alpha * x * sum, where x repeats.
#pragma once

#include "conv3x3.cuh"
#include "relevance.cuh"

struct Product {
  const float* x;
  float* out;
  float alpha;
  bool add;
  int xBatch, height, width, channels;

  __device__ __forceinline__ void operator()(int n, int y0, int x0, int channel, const Patch& patch) const {
#pragma unroll
    for (int i = 0; i < 8; i++) {
      int row = y0 + i / 4, column = x0 + i % 4;
      if (row < height && column < width) {
        float4 g = patch.sum[i / 4][i % 4];
        float4 value = load4(x + ((static_cast<long long>(n % xBatch) * height + row) * width + column) * channels + channel);
        long long index = ((static_cast<long long>(n) * height + row) * width + column) * channels + channel;
        float4* target = reinterpret_cast<float4*>(out + index);
        float4 before = add ? *target : make_float4(0.f, 0.f, 0.f, 0.f);
        *target = make_float4(relevanceShare(alpha, value.x, g.x, add, before.x), relevanceShare(alpha, value.y, g.y, add, before.y),
            relevanceShare(alpha, value.z, g.z, add, before.z), relevanceShare(alpha, value.w, g.w, add, before.w));
      }
    }
  }
};
