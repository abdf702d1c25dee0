// Max-pooling of windows of 2 x 2 cells that neither overlap nor leave gaps.
#pragma once

#include "vectors4.cuh"

// "Not smaller or equal" lets NaN win, and "best equals itself" lets only the first one.
__device__ __forceinline__ void consider(float value, int cell, float& best, int& winner) {
  if (!(value <= best) && best == best) {
    best = value;
    winner = cell;
  }
}

// The window of four channels whose cells, row by row, are a, b, c, d; the first is cell number `cell` of an image `width` wide.
__device__ __forceinline__ void poolWindow(const float4& a, const float4& b, const float4& c, const float4& d, int cell, int width,
    float4& best, int4& winner) {
  best = a;
  winner = make_int4(cell, cell, cell, cell);
  const float4* rest[3] = {&b, &c, &d};
#pragma unroll
  for (int i = 0; i < 3; i++) {
    int at = cell + (i == 0 ? 1 : width + i - 1);
    consider(rest[i]->x, at, best.x, winner.x);
    consider(rest[i]->y, at, best.y, winner.y);
    consider(rest[i]->z, at, best.z, winner.z);
    consider(rest[i]->w, at, best.w, winner.w);
  }
}

// The position of a winner in its window, 2 * row + column, from its distance to the first cell: 0, 1, width or width + 1.
__device__ __forceinline__ int positionOf(int distance, int width) {
  return distance >= width ? 2 + distance - width : distance;
}

// Of the values at the four positions, that at `position`.
__device__ __forceinline__ float atPosition(int position, float a, float b, float c, float d) {
  float above = position % 2 == 0 ? a : b, below = position % 2 == 0 ? c : d;
  return position < 2 ? above : below;
}

// The same for four channels.
__device__ __forceinline__ float4 atPositions(const int4& position, const float4& a, const float4& b, const float4& c, const float4& d) {
  return make_float4(atPosition(position.x, a.x, b.x, c.x, d.x), atPosition(position.y, a.y, b.y, c.y, d.y),
      atPosition(position.z, a.z, b.z, c.z, d.z), atPosition(position.w, a.w, b.w, c.w, d.w));
}

// The positions of four channels' winners in the window whose first cell is number `cell`.
__device__ __forceinline__ int4 positionsOf(const int4& winner, int cell, int width) {
  return make_int4(positionOf(winner.x - cell, width), positionOf(winner.y - cell, width), positionOf(winner.z - cell, width),
      positionOf(winner.w - cell, width));
}

// Pools a patch of 2 x 4 values f(sum + bias) of four channels, f = ReLU, whose first cell is (y0, x0) of image n; writes up to two
// windows.
__device__ __forceinline__ void poolPatch(const float4 (&sum)[8], const float4& bias, int n, int y0, int x0, int height, int width,
    int channels, int channel, float* y, int* winners) {
#pragma unroll
  for (int pair = 0; pair < 2; pair++) {
    int x = x0 + 2 * pair;
    if (y0 + 1 < height && x + 1 < width) {
      float4 best;
      int4 winner;
      poolWindow(rectified4(add4(sum[2 * pair], bias)), rectified4(add4(sum[2 * pair + 1], bias)), rectified4(add4(sum[2 * pair + 4],
          bias)), rectified4(add4(sum[2 * pair + 5], bias)), y0 * width + x, width, best, winner);
      long long index = ((static_cast<long long>(n) * (height / 2) + y0 / 2) * (width / 2) + x / 2) * channels + channel;
      store4(y + index, best);
      *reinterpret_cast<int4*>(winners + index) = winner;
    }
  }
}
