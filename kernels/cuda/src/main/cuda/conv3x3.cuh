// The main loop of a 3x3 convolution with stride 1 and padding 1, without its last step: what becomes of the sums is up to the including
// file.
//
// An implicit GEMM whose left matrix is never built. A block computes PIXELS output pixels (a tile of one image, or several small images) x
// CHANNELS output channels. It walks over the input channels four at a time: their tile with a border of one pixel and their weights go to
// shared memory once, and all nine taps read them from there, so that global memory is read once per block instead of nine times.
//
// A thread computes a patch of 2 x 4 pixels for 4 * VECTORS channels. For one input channel it needs 4 x 6 values of the tile and 9 x 4 *
// VECTORS weights, which with VECTORS = 2 is 26 loads from shared memory for 576 FMAs: 22 to 1. Patches of 2 rows hold whole 2x2 pooling
// windows. Bank conflicts: the 8 patches of a half-warp read 8 different 16-byte pieces that cover all 32 banks, for tile widths 32, 16 and
// 8 with row pitches 36, 24 and 12; lanes i and i^1 share input values, lanes i and i^2 weights, which lets the hardware answer half a warp
// at once.
//
// Shared memory is double-buffered, and the next channels travel in registers while the present ones are multiplied. With two weight
// vectors a step is 2304 FMAs per thread, long enough to hide global memory; 3 blocks of 128 threads fit on a multiprocessor. Counted in
// the machine code for sm_90, the loop over channels has 619 instructions for 576 FMAs (VECTORS = 2) or 314 for 288, and a step of four
// channels 2663 for 2304: at most 86 % of the FMA peak, 78 to 81 % with VECTORS = 1. Shared memory answers a half-warp in a cycle, so the
// 26 loads of four warps at 576 FMAs each keep it busy for 36 % of the time.
#pragma once

#include "vectors4.cuh"

// Four sums of channels for each of 2 x 4 pixels.
struct Patch {
  float4 sum[2][4];
};

// The output pixels of a block: `images` images x tileHeight x tileWidth pixels, of which some may lie outside.
struct Tile {
  int firstImage, y0, x0;
  int width, height, images, pitch;
  int batch, imageHeight, imageWidth;

  __device__ __forceinline__ Tile(int index, int tileWidth, int tileHeight, int tileImages, int rowPitch, int n, int h, int w)
      : width(tileWidth), height(tileHeight), images(tileImages), pitch(rowPitch), batch(n), imageHeight(h), imageWidth(w) {
    int columns = (w + tileWidth - 1) / tileWidth;
    int rows = (h + tileHeight - 1) / tileHeight;
    x0 = index % columns * tileWidth;
    y0 = index / columns % rows * tileHeight;
    firstImage = index / columns / rows * tileImages;
  }
};

// Where the weights of output channel o, tap t and input channel c are. Forwards that is w[t][c][o]; towards the input the taps are read in
// reverse and the channels change places.
struct Weights {
  const float* w;
  int inChannels, outChannels;
  bool towardsInput;
};

// Four channels at a time of the tile with its border, from x to registers to shared memory. Rows of the tile in shared memory are
// tile.pitch apart, channels PLANE.
template <int PIXELS, int THREADS>
struct PlainInput {
  // The largest tiles with border: 8 x 8 pixels of several images, whose rows take 12 floats; of 4 x 32 there are the most pixels.
  static constexpr int PLANE = PIXELS / 64 * 120;
  static constexpr int LOADS = (PIXELS / 64 * 102 + THREADS - 1) / THREADS;

  const float* x;
  // For each pixel that this thread loads: its place in x, or -1 for padding, and in shared memory, or -1 for none.
  int source[LOADS], target[LOADS];
  float4 values[LOADS];

  __device__ __forceinline__ PlainInput(const float* __restrict__ values, const Tile& tile, int channels) : x(values) {
    int columns = tile.width + 2, rows = tile.height + 2;
#pragma unroll
    for (int i = 0; i < LOADS; i++) {
      int index = threadIdx.x + i * THREADS;
      int image = index / (rows * columns), row = index / columns % rows, columnIn = index % columns;
      int n = tile.firstImage + image, y = tile.y0 + row - 1, x = tile.x0 + columnIn - 1;
      bool inside = n < tile.batch && y >= 0 && y < tile.imageHeight && x >= 0 && x < tile.imageWidth;
      target[i] = image < tile.images ? (image * rows + row) * tile.pitch + columnIn : -1;
      source[i] = inside && target[i] >= 0 ? ((n * tile.imageHeight + y) * tile.imageWidth + x) * channels : -1;
    }
  }

  __device__ __forceinline__ void load(int channel) {
#pragma unroll
    for (int i = 0; i < LOADS; i++) {
      values[i] = source[i] >= 0 ? load4(x + source[i] + channel) : make_float4(0.f, 0.f, 0.f, 0.f);
    }
  }

  __device__ __forceinline__ void store(float* plane) const {
#pragma unroll
    for (int i = 0; i < LOADS; i++) {
      if (target[i] >= 0) {
        plane[target[i]] = values[i].x;
        plane[target[i] + PLANE] = values[i].y;
        plane[target[i] + 2 * PLANE] = values[i].z;
        plane[target[i] + 3 * PLANE] = values[i].w;
      }
    }
  }
};

template <int VECTORS, int COLUMNS, int PIXELS>
struct Conv3x3 {
  static constexpr int THREADS = PIXELS / 8 * COLUMNS;
  static constexpr int CHANNELS = 4 * VECTORS * COLUMNS;
  static constexpr int PLANE = PlainInput<PIXELS, THREADS>::PLANE;
  static constexpr int WEIGHT_LOADS = (9 * CHANNELS + THREADS - 1) / THREADS;

  int patchIndex, column;

  __device__ __forceinline__ Conv3x3() {
    constexpr int WARP_COLUMNS = COLUMNS < 4 ? COLUMNS : 4;
    constexpr int WARP_PATCHES = 32 / WARP_COLUMNS;
    constexpr int WARPS_ACROSS = COLUMNS / WARP_COLUMNS;
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    column = lane % 2 + (WARP_COLUMNS == 4 ? lane / 16 * 2 : 0) + warp % WARPS_ACROSS * WARP_COLUMNS;
    patchIndex = lane / 2 % WARP_PATCHES + warp / WARPS_ACROSS * WARP_PATCHES;
  }

  // The first pixel of this thread's patch, relative to the tile: image, row, column.
  __device__ __forceinline__ void patchStart(const Tile& tile, int& image, int& y, int& x) const {
    int across = tile.width / 4;
    int perImage = across * (tile.height / 2);
    image = patchIndex / perImage;
    y = patchIndex % perImage / across * 2;
    x = patchIndex % across * 4;
  }

  // Sums the products with input channels [firstChannel, endChannel), a multiple of four, for output channels outStart...
  template <class Input>
  __device__ __forceinline__ void multiply(const Tile& tile, Input& input, const Weights& weights, int outStart, int firstChannel,
      int endChannel, Patch (&patch)[VECTORS]) const {
    __shared__ float4 pixelMemory[2 * PLANE];
    __shared__ float4 tapMemory[2 * 9 * CHANNELS];
    float* pixels = reinterpret_cast<float*>(pixelMemory);
    float* taps = reinterpret_cast<float*>(tapMemory);

#pragma unroll
    for (int v = 0; v < VECTORS; v++) {
#pragma unroll
      for (int i = 0; i < 8; i++) {
        patch[v].sum[i / 4][i % 4] = make_float4(0.f, 0.f, 0.f, 0.f);
      }
    }
    float4 nextTaps[WEIGHT_LOADS];
    input.load(firstChannel);
    loadTaps(weights, outStart, firstChannel, nextTaps);
    input.store(pixels);
    storeTaps(weights.towardsInput, nextTaps, taps);
    __syncthreads();
    int image, y, x0;
    patchStart(tile, image, y, x0);
    int corner = (image * (tile.height + 2) + y) * tile.pitch + x0;
    for (int channel = firstChannel, now = 0; channel < endChannel; channel += 4, now ^= 1) {
      bool more = channel + 4 < endChannel;
      if (more) {
        input.load(channel + 4);
        loadTaps(weights, outStart, channel + 4, nextTaps);
      }
      // Not unrolled: one channel's 576 FMAs fit the instruction cache, and several warps hide the start of each turn.
#pragma unroll 1
      for (int c = 0; c < 4; c++) {
        multiplyChannel(pixels + (now * 4 + c) * PLANE + corner, tile.pitch, taps + (now * 36 + c) * CHANNELS + column * 4, patch);
      }
      if (more) {
        input.store(pixels + (now ^ 1) * 4 * PLANE);
        storeTaps(weights.towardsInput, nextTaps, taps + (now ^ 1) * 36 * CHANNELS);
      }
      __syncthreads();
    }
  }

 private:
  // Forwards a load is four output channels of one tap and input channel, towards the input four input channels of one tap and output
  // channel.
  __device__ __forceinline__ void loadTaps(const Weights& weights, int outStart, int channel, float4* values) const {
#pragma unroll
    for (int i = 0; i < WEIGHT_LOADS; i++) {
      int index = threadIdx.x + i * THREADS;
      int tap, out, offset;
      if (weights.towardsInput) {
        tap = index / CHANNELS;
        out = outStart + index % CHANNELS;
        offset = ((8 - tap) * weights.outChannels + out) * weights.inChannels + channel;
      } else {
        tap = index / CHANNELS;
        out = outStart + index % (CHANNELS / 4) * 4;
        offset = (tap * weights.inChannels + channel + index % CHANNELS / (CHANNELS / 4)) * weights.outChannels + out;
      }
      values[i] = tap < 9 && out < weights.outChannels ? load4(weights.w + offset) : make_float4(0.f, 0.f, 0.f, 0.f);
    }
  }

  // taps[tap][input channel][output channel]
  __device__ __forceinline__ void storeTaps(bool towardsInput, const float4* values, float* taps) const {
#pragma unroll
    for (int i = 0; i < WEIGHT_LOADS; i++) {
      int index = threadIdx.x + i * THREADS;
      if (index < 9 * CHANNELS) {
        if (towardsInput) {
          float* target = taps + index / CHANNELS * 4 * CHANNELS + index % CHANNELS;
          target[0] = values[i].x;
          target[CHANNELS] = values[i].y;
          target[2 * CHANNELS] = values[i].z;
          target[3 * CHANNELS] = values[i].w;
        } else {
          store4(taps + index * 4, values[i]);
        }
      }
    }
  }

  __device__ __forceinline__ void multiplyChannel(const float* corner, int pitch, const float* weight, Patch (&patch)[VECTORS]) const {
    float in[4][6];
#pragma unroll
    for (int row = 0; row < 4; row++) {
      float4 left = *reinterpret_cast<const float4*>(corner + row * pitch);
      float2 right = *reinterpret_cast<const float2*>(corner + row * pitch + 4);
      in[row][0] = left.x;
      in[row][1] = left.y;
      in[row][2] = left.z;
      in[row][3] = left.w;
      in[row][4] = right.x;
      in[row][5] = right.y;
    }
#pragma unroll
    for (int tap = 0; tap < 9; tap++) {
#pragma unroll
      for (int v = 0; v < VECTORS; v++) {
        float4 w = *reinterpret_cast<const float4*>(weight + tap * 4 * CHANNELS + v * (CHANNELS / VECTORS));
#pragma unroll
        for (int i = 0; i < 8; i++) {
          fma4(in[i / 4 + tap / 3][i % 4 + tap % 3], w, patch[v].sum[i / 4][i % 4]);
        }
      }
    }
  }
};

// Runs a block: sums, then finish(n, y, x, channel, patch) for every vector of four channels; n, y, x is the first pixel of the patch.
template <int VECTORS, int COLUMNS, int PIXELS, class Input, class Finish>
__device__ __forceinline__ void conv3x3From(Input& input, const Tile& tile, const Weights& weights, int firstChannel, int endChannel,
    const Finish& finish) {
  Conv3x3<VECTORS, COLUMNS, PIXELS> block;
  Patch patch[VECTORS];
  int outStart = blockIdx.y * block.CHANNELS;
  block.multiply(tile, input, weights, outStart, firstChannel, endChannel, patch);
  int image, py, px;
  block.patchStart(tile, image, py, px);
#pragma unroll
  for (int v = 0; v < VECTORS; v++) {
    int channel = outStart + v * 4 * COLUMNS + block.column * 4;
    if (tile.firstImage + image < tile.batch && channel < weights.outChannels) {
      finish(tile.firstImage + image, tile.y0 + py, tile.x0 + px, channel, patch[v]);
    }
  }
}

// The same for an input that lies in memory as it is.
template <int VECTORS, int COLUMNS, int PIXELS, class Finish>
__device__ __forceinline__ void conv3x3(const Tile& tile, const float* __restrict__ x, const Weights& weights, int firstChannel,
    int endChannel, const Finish& finish) {
  PlainInput<PIXELS, Conv3x3<VECTORS, COLUMNS, PIXELS>::THREADS> input(x, tile, weights.inChannels);
  conv3x3From<VECTORS, COLUMNS, PIXELS>(input, tile, weights, firstChannel, endChannel, finish);
}
