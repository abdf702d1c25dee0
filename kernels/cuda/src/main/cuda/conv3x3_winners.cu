// The two convolutions of a propagation rule behind max-pooling of 2 x 2 with stride 2; 3x3, stride 1, padding 1, one group,
// channels multiples of four.
//
//   conv3x3_divide_winners   q[m,i] = r[m,i] / s(z[winner of window i]),  z = x * w + bias, for every relevance map m of the same inputs
//   conv3x3_product_winners  out[m,i] (+)= alpha * x[i] * g[m,i],  g = the input gradient of what max-pooling hands on of q[m]: q[m,j] at the
//                            winner of window j, 0 elsewhere
//
// Cost: the FLOPs of conv3x3.cu. q has a quarter of the values of z, and neither z nor q with its zeros reaches memory. Counted in values of
// z: beside x and w, divide moves 3/4 with one map, where writing z and reading it at the winners would be up to 2 more; product reads 1/2
// (q and winners), where writing and reading q with its zeros would be 2 more.
//
// The main loop is that of conv3x3.cuh. A thread's patch of 2 x 4 pixels is two windows, as in conv3x3_pool.cu. Towards the input, a thread
// loads windows instead of pixels, 100 of them for a tile of 16 x 16 pixels with a border of one, and writes up to four pixels of each to
// shared memory.
// Registers (ptxas, sm_90): at most 168, as in conv3x3.cu; no spills.

#include "conv3x3.cuh"
#include "conv3x3_product.cuh"
#include "pool2x2.cuh"
#include "relevance.cuh"

struct DivideAtWinners {
  const float *bias, *r;
  const int* winners;
  float* q;
  float eps;
  int maps, batch, height, width, channels;

  __device__ __forceinline__ void operator()(int n, int y0, int x0, int channel, const Patch& patch) const {
    float4 b = bias == nullptr ? make_float4(0.f, 0.f, 0.f, 0.f) : load4(bias + channel);
    long long mapSize = static_cast<long long>(batch) * (height / 2) * (width / 2) * channels;
#pragma unroll
    for (int pair = 0; pair < 2; pair++) {
      int x = x0 + 2 * pair;
      if (y0 + 1 < height && x + 1 < width) {
        long long index = ((static_cast<long long>(n) * (height / 2) + y0 / 2) * (width / 2) + x / 2) * channels + channel;
        int4 winner = __ldg(reinterpret_cast<const int4*>(winners + index));
        float4 sum = atPositions(positionsOf(winner, y0 * width + x, width), patch.sum[0][2 * pair], patch.sum[0][2 * pair + 1],
            patch.sum[1][2 * pair], patch.sum[1][2 * pair + 1]);
        float4 z = add4(sum, b);
        for (int m = 0; m < maps; m++, index += mapSize) {
          store4(q + index, stabilizedQuotients(load4(r + index), z, eps));
        }
      }
    }
  }
};

// As PlainInput, for values that lie at the winners of windows.
template <int PIXELS, int THREADS>
struct WinnersInput {
  static constexpr int PLANE = PlainInput<PIXELS, THREADS>::PLANE;
  // The windows that a tile with its border touches: of the tiles, 8 x 8 pixels of several images have the most.
  static constexpr int LOADS = (PIXELS / 64 * 36 + THREADS - 1) / THREADS;

  const float* q;
  const int* winners;
  int width, pitch;
  // For each window that this thread loads: its place in q, or -1 for none, and in winners; its first cell; the place of that cell in shared
  // memory, which may lie before the tile, and in four bits which of its cells are in the tile.
  int source[LOADS], recorded[LOADS], firstCell[LOADS], target[LOADS], cells[LOADS];
  float4 values[LOADS];
  int4 winner[LOADS];

  __device__ __forceinline__ WinnersInput(const float* __restrict__ quotients, const int* __restrict__ cellsOfWinners, int winnersBatch,
      const Tile& tile, int channels) : q(quotients), winners(cellsOfWinners), width(tile.imageWidth), pitch(tile.pitch) {
    int rows = tile.height / 2 + 2, columns = tile.width / 2 + 2;
    int pooledHeight = tile.imageHeight / 2, pooledWidth = tile.imageWidth / 2;
#pragma unroll
    for (int i = 0; i < LOADS; i++) {
      int index = threadIdx.x + i * THREADS;
      int image = index / (rows * columns), row = index / columns % rows, column = index % columns;
      int n = tile.firstImage + image, y = tile.y0 / 2 + row - 1, x = tile.x0 / 2 + column - 1;
      bool inside = image < tile.images && n < tile.batch && y >= 0 && y < pooledHeight && x >= 0 && x < pooledWidth;
      source[i] = inside ? ((n * pooledHeight + y) * pooledWidth + x) * channels : -1;
      recorded[i] = inside ? ((n % winnersBatch * pooledHeight + y) * pooledWidth + x) * channels : -1;
      firstCell[i] = 2 * y * width + 2 * x;
      target[i] = (image * (tile.height + 2) + 2 * row - 1) * pitch + 2 * column - 1;
      int cellsAbove = (column > 0 ? 1 : 0) + (column < columns - 1 ? 2 : 0);
      cells[i] = image < tile.images ? (row > 0 ? cellsAbove : 0) + (row < rows - 1 ? 4 * cellsAbove : 0) : 0;
    }
  }

  __device__ __forceinline__ void load(int channel) {
#pragma unroll
    for (int i = 0; i < LOADS; i++) {
      values[i] = make_float4(0.f, 0.f, 0.f, 0.f);
      winner[i] = make_int4(-1, -1, -1, -1);
      if (source[i] >= 0) {
        values[i] = load4(q + source[i] + channel);
        winner[i] = __ldg(reinterpret_cast<const int4*>(winners + recorded[i] + channel));
      }
    }
  }

  __device__ __forceinline__ void store(float* plane) const {
#pragma unroll
    for (int i = 0; i < LOADS; i++) {
#pragma unroll
      for (int position = 0; position < 4; position++) {
        if (cells[i] >> position & 1) {
          int cell = firstCell[i] + position / 2 * width + position % 2;
          float* to = plane + target[i] + position / 2 * pitch + position % 2;
          to[0] = winner[i].x == cell ? values[i].x : 0.f;
          to[PLANE] = winner[i].y == cell ? values[i].y : 0.f;
          to[2 * PLANE] = winner[i].z == cell ? values[i].z : 0.f;
          to[3 * PLANE] = winner[i].w == cell ? values[i].w : 0.f;
        }
      }
    }
  }
};

template <int VECTORS, int COLUMNS, int PIXELS>
__device__ __forceinline__ void divide(const float* __restrict__ x, const float* __restrict__ w, const float* __restrict__ bias,
    const float* __restrict__ r, const int* __restrict__ winners, float* q, float eps, int maps, int batch, int height, int width,
    int inChannels, int outChannels, int tileWidth, int tileHeight, int tileImages, int pitch) {
  Tile tile(blockIdx.x, tileWidth, tileHeight, tileImages, pitch, batch, height, width);
  DivideAtWinners finish = {bias, r, winners, q, eps, maps, batch, height, width, outChannels};
  conv3x3<VECTORS, COLUMNS, PIXELS>(tile, x, Weights{w, inChannels, outChannels, false}, 0, inChannels, finish);
}

template <int VECTORS, int COLUMNS, int PIXELS>
__device__ __forceinline__ void product(const float* __restrict__ q, const int* __restrict__ winners, int winnersBatch,
    const float* __restrict__ w, const float* __restrict__ x, float* out, float alpha, int add, int xBatch, int batch, int height, int width,
    int inChannels, int outChannels, int tileWidth, int tileHeight, int tileImages, int pitch) {
  Tile tile(blockIdx.x, tileWidth, tileHeight, tileImages, pitch, batch, height, width);
  WinnersInput<PIXELS, Conv3x3<VECTORS, COLUMNS, PIXELS>::THREADS> input(q, winners, winnersBatch, tile, inChannels);
  Product finish = {x, out, alpha, add != 0, xBatch, height, width, outChannels};
  conv3x3From<VECTORS, COLUMNS, PIXELS>(input, tile, Weights{w, inChannels, outChannels, true}, 0, inChannels, finish);
}

extern "C" __global__ void __launch_bounds__(64) conv3x3_divide_winners_n8(const float* __restrict__ x, const float* __restrict__ w,
    const float* __restrict__ bias, const float* __restrict__ r, const int* __restrict__ winners, float* q, float eps, int maps, int batch,
    int height, int width, int inChannels, int outChannels, int tileWidth, int tileHeight, int tileImages, int pitch) {
  divide<1, 2, 256>(x, w, bias, r, winners, q, eps, maps, batch, height, width, inChannels, outChannels, tileWidth, tileHeight, tileImages,
      pitch);
}

extern "C" __global__ void __launch_bounds__(128) conv3x3_divide_winners_n16(const float* __restrict__ x, const float* __restrict__ w,
    const float* __restrict__ bias, const float* __restrict__ r, const int* __restrict__ winners, float* q, float eps, int maps, int batch,
    int height, int width, int inChannels, int outChannels, int tileWidth, int tileHeight, int tileImages, int pitch) {
  divide<1, 4, 256>(x, w, bias, r, winners, q, eps, maps, batch, height, width, inChannels, outChannels, tileWidth, tileHeight, tileImages,
      pitch);
}

extern "C" __global__ void __launch_bounds__(128, 3) conv3x3_divide_winners_n32(const float* __restrict__ x, const float* __restrict__ w,
    const float* __restrict__ bias, const float* __restrict__ r, const int* __restrict__ winners, float* q, float eps, int maps, int batch,
    int height, int width, int inChannels, int outChannels, int tileWidth, int tileHeight, int tileImages, int pitch) {
  divide<2, 4, 256>(x, w, bias, r, winners, q, eps, maps, batch, height, width, inChannels, outChannels, tileWidth, tileHeight, tileImages,
      pitch);
}

extern "C" __global__ void __launch_bounds__(128, 3) conv3x3_divide_winners_n64(const float* __restrict__ x, const float* __restrict__ w,
    const float* __restrict__ bias, const float* __restrict__ r, const int* __restrict__ winners, float* q, float eps, int maps, int batch,
    int height, int width, int inChannels, int outChannels, int tileWidth, int tileHeight, int tileImages, int pitch) {
  divide<2, 8, 128>(x, w, bias, r, winners, q, eps, maps, batch, height, width, inChannels, outChannels, tileWidth, tileHeight, tileImages,
      pitch);
}

extern "C" __global__ void __launch_bounds__(64) conv3x3_product_winners_n8(const float* __restrict__ q, const int* __restrict__ winners,
    int winnersBatch, const float* __restrict__ w, const float* __restrict__ x, float* out, float alpha, int add, int xBatch, int batch,
    int height, int width, int inChannels, int outChannels, int tileWidth, int tileHeight, int tileImages, int pitch) {
  product<1, 2, 256>(q, winners, winnersBatch, w, x, out, alpha, add, xBatch, batch, height, width, inChannels, outChannels, tileWidth,
      tileHeight, tileImages, pitch);
}

extern "C" __global__ void __launch_bounds__(128) conv3x3_product_winners_n16(const float* __restrict__ q, const int* __restrict__ winners,
    int winnersBatch, const float* __restrict__ w, const float* __restrict__ x, float* out, float alpha, int add, int xBatch, int batch,
    int height, int width, int inChannels, int outChannels, int tileWidth, int tileHeight, int tileImages, int pitch) {
  product<1, 4, 256>(q, winners, winnersBatch, w, x, out, alpha, add, xBatch, batch, height, width, inChannels, outChannels, tileWidth,
      tileHeight, tileImages, pitch);
}

extern "C" __global__ void __launch_bounds__(128, 3) conv3x3_product_winners_n32(const float* __restrict__ q, const int* __restrict__ winners,
    int winnersBatch, const float* __restrict__ w, const float* __restrict__ x, float* out, float alpha, int add, int xBatch, int batch,
    int height, int width, int inChannels, int outChannels, int tileWidth, int tileHeight, int tileImages, int pitch) {
  product<2, 4, 256>(q, winners, winnersBatch, w, x, out, alpha, add, xBatch, batch, height, width, inChannels, outChannels, tileWidth,
      tileHeight, tileImages, pitch);
}

extern "C" __global__ void __launch_bounds__(128, 3) conv3x3_product_winners_n64(const float* __restrict__ q, const int* __restrict__ winners,
    int winnersBatch, const float* __restrict__ w, const float* __restrict__ x, float* out, float alpha, int add, int xBatch, int batch,
    int height, int width, int inChannels, int outChannels, int tileWidth, int tileHeight, int tileImages, int pitch) {
  product<2, 8, 128>(q, winners, winnersBatch, w, x, out, alpha, add, xBatch, batch, height, width, inChannels, outChannels, tileWidth,
      tileHeight, tileImages, pitch);
}
