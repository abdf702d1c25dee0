// The way back through the first layer of a model behind max-pooling of 2 x 2: a convolution 3x3 with stride 1, padding 1 and a single input
// channel; output channels a multiple of four.
//
//   out[n,q] (+)= alpha * x[n,q] * sum over taps t and channels o: d[n, q + 1 - t, o] * w[t,o],
//   d[n,p,o] = dy[n,window,o] / s(z[p,o]) if p is the winner of its window, else 0;  z null: dy[n,window,o]
//
// z are the denominators of one image, as every image has the same; x and winners repeat.
//
// Cost: 18 FLOPs and 8 bytes for each window and channel, of which d, four times as large, would need 16 to be written and read again, and
// the division 16 more. Memory takes 20 us for 64 images of the gtzan model (H200, 75 MB).
//
// What a window of one channel sends to the input is its quotient times the 3 x 3 weights, placed in a patch of 4 x 4 pixels by the winner's
// position. A thread sums the patch of a window over the channels: for each of the four positions the nine products, with the quotient where
// that is the position and 0 elsewhere, 36 FMAs of which 9 matter. (Weights looked up by position would be 16 FMAs and four loads of 16 bytes
// whose addresses differ between the lanes; shared memory would take longer than the FMAs that are saved.) Then every pixel adds up the four
// patches that contain it.
//
// A block makes 16 x 16 pixels of four images, from 8 x 8 windows and a ring of one window around them, so that 36 % of the windows are
// computed twice. Relevance and winners are staged in shared memory 16 channels at a time (pitch 5 vectors: no bank conflicts), divided on
// the way; the denominators of four pixels are in registers for all four images, because the second-level cache would have to deliver four
// of them for each window and image else.

#include "pool2x2.cuh"
#include "relevance.cuh"

constexpr int WINDOWS_ACROSS = 8;
constexpr int PIXELS_ACROSS = 2 * WINDOWS_ACROSS;
constexpr int RING_ACROSS = WINDOWS_ACROSS + 2;
constexpr int RING = RING_ACROSS * RING_ACROSS;
constexpr int IMAGES = 4;
constexpr int THREADS = (IMAGES * RING + 31) / 32 * 32;
constexpr int VECTORS = 4;
static_assert(VECTORS == IMAGES, "a thread stages one vector of a window, and sums the patch of one image");

// 16 channels of a window: quotients, and in the bytes of each int the positions of four winners in it: 2 * row + column.
struct alignas(16) StagedWindow {
  float4 quotients[VECTORS];
  int positions[VECTORS];
};

// The denominators at the four positions of a window.
struct Denominators {
  float4 at[4];

  // z points at the first pixel of the window.
  __device__ __forceinline__ void load(const float* __restrict__ z, int width, int channels) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
      at[i] = load4(z + (i / 2 * width + i % 2) * channels);
    }
  }
};

// A vector's quotients, and the positions of its winners in the bytes of an int.
__device__ __forceinline__ void stage(const float4& relevance, const int4& winner, int firstCell, int width, const Denominators& z,
    bool divides, float eps, float4& quotient, int& positions) {
  int4 position = positionsOf(winner, firstCell, width);
  positions = position.x | position.y << 8 | position.z << 16 | position.w << 24;
  quotient = divides ? stabilizedQuotients(relevance, atPositions(position, z.at[0], z.at[1], z.at[2], z.at[3]), eps) : relevance;
}

// patch += the quotients of four channels times their weights, weights[tap][vector].
__device__ __forceinline__ void addProducts(const float4& quotient, int positions, const float4* weights, float (&patch)[16]) {
  float at[4][4];
  float value[4] = {quotient.x, quotient.y, quotient.z, quotient.w};
#pragma unroll
  for (int c = 0; c < 4; c++) {
    int position = positions >> 8 * c & 3;
#pragma unroll
    for (int i = 0; i < 4; i++) {
      at[i][c] = position == i ? value[c] : 0.f;
    }
  }
#pragma unroll
  for (int t = 0; t < 9; t++) {
    float4 weight = weights[t * VECTORS];
#pragma unroll
    for (int i = 0; i < 4; i++) {
      float& sum = patch[(i / 2 + t / 3) * 4 + i % 2 + t % 3];
      sum = fmaf(at[i][0], weight.x, sum);
      sum = fmaf(at[i][1], weight.y, sum);
      sum = fmaf(at[i][2], weight.z, sum);
      sum = fmaf(at[i][3], weight.w, sum);
    }
  }
}

// Pixel (row, column) of the block: the sum of the patches of the two by two windows that reach it. Rows of patches begin one pixel above
// their window, so an even row is row 1 of its own window's patch and row 3 of that above, an odd one row 2 and row 0 of that below.
__device__ __forceinline__ float sumOfPatches(const float* patches, int image, int row, int column) {
  float sum = 0.f;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    int odd = row % 2, oddColumn = column % 2;
    int y = 1 + row / 2 + i / 2 * (2 * odd - 1), x = 1 + column / 2 + i % 2 * (2 * oddColumn - 1);
    int patchRow = i / 2 == 0 ? 1 + odd : 3 - 3 * odd, patchColumn = i % 2 == 0 ? 1 + oddColumn : 3 - 3 * oddColumn;
    sum += patches[(patchRow * 4 + patchColumn) * IMAGES * RING + image * RING + y * RING_ACROSS + x];
  }
  return sum;
}

extern "C" __global__ void __launch_bounds__(THREADS, 2) conv3x3_first_behind_pool(const float* __restrict__ dy,
    const int* __restrict__ winners, int winnersBatch, float eps, const float* __restrict__ z, const float* __restrict__ w, float alpha,
    const float* __restrict__ x, int xBatch, int add, float* out, int batch, int height, int width, int outChannels) {
  __shared__ StagedWindow staged[IMAGES * RING];
  __shared__ float4 weights[9 * VECTORS];
  static_assert(sizeof(staged) >= 16 * IMAGES * RING * sizeof(float), "patches take the place of what was staged");
  int across = (width + PIXELS_ACROSS - 1) / PIXELS_ACROSS, down = (height + PIXELS_ACROSS - 1) / PIXELS_ACROSS;
  int x0 = blockIdx.x % across * PIXELS_ACROSS, y0 = blockIdx.x / across % down * PIXELS_ACROSS;
  int firstImage = blockIdx.x / across / down * IMAGES, images = min(IMAGES, batch - firstImage);
  int pooledWidth = width / 2, pooledHeight = height / 2;

  // This thread stages one vector of one window, of every image.
  int stagedWindow = threadIdx.x / VECTORS, vector = threadIdx.x % VECTORS;
  int windowY = y0 / 2 + stagedWindow / RING_ACROSS - 1, windowX = x0 / 2 + stagedWindow % RING_ACROSS - 1;
  bool stages = stagedWindow < RING;
  bool inside = stages && windowY >= 0 && windowY < pooledHeight && windowX >= 0 && windowX < pooledWidth;
  int firstCell = 2 * windowY * width + 2 * windowX;
  int windows = pooledHeight * pooledWidth * outChannels;
  // ... and sums the patch of one window of one image.
  bool sums = threadIdx.x < images * RING;
  float patch[16];
#pragma unroll
  for (int i = 0; i < 16; i++) {
    patch[i] = 0.f;
  }
  for (int firstChannel = 0; firstChannel < outChannels; firstChannel += 4 * VECTORS) {
    __syncthreads();
    int channel = firstChannel + 4 * vector;
    bool loads = inside && channel < outChannels;
    Denominators denominators = {};
    if (loads && z != nullptr) {
      denominators.load(z + firstCell * outChannels + channel, width, outChannels);
    }
    int window = (windowY * pooledWidth + windowX) * outChannels + channel;
#pragma unroll
    for (int image = 0; image < IMAGES; image += 2) {
      // Both images' loads are under way before the first division; behind the last image, it is loaded again.
      float4 relevance[2] = {};
      int4 winner[2] = {};
#pragma unroll
      for (int i = 0; i < 2; i++) {
        if (loads) {
          int n = firstImage + min(image + i, images - 1);
          relevance[i] = load4(dy + static_cast<long long>(n) * windows + window);
          winner[i] = __ldg(reinterpret_cast<const int4*>(winners + static_cast<long long>(n % winnersBatch) * windows + window));
        }
      }
#pragma unroll
      for (int i = 0; i < 2; i++) {
        if (stages) {
          StagedWindow& target = staged[(image + i) * RING + stagedWindow];
          stage(relevance[i], winner[i], loads ? firstCell : 0, width, denominators, z != nullptr, eps, target.quotients[vector],
              target.positions[vector]);
        }
      }
    }
    if (threadIdx.x < 9 * VECTORS) {
      weights[threadIdx.x] = channel < outChannels ? load4(w + threadIdx.x / VECTORS * outChannels + channel)
          : make_float4(0.f, 0.f, 0.f, 0.f);
    }
    __syncthreads();
    if (sums) {
#pragma unroll 1
      for (int v = 0; v < VECTORS; v++) {
        addProducts(staged[threadIdx.x].quotients[v], staged[threadIdx.x].positions[v], weights + v, patch);
      }
    }
  }
  __syncthreads();
  float* patches = reinterpret_cast<float*>(staged);
  if (sums) {
#pragma unroll
    for (int i = 0; i < 16; i++) {
      patches[i * IMAGES * RING + threadIdx.x] = patch[i];
    }
  }
  __syncthreads();
  for (int i = threadIdx.x; i < images * PIXELS_ACROSS * PIXELS_ACROSS; i += THREADS) {
    int image = i / (PIXELS_ACROSS * PIXELS_ACROSS), row = i / PIXELS_ACROSS % PIXELS_ACROSS, column = i % PIXELS_ACROSS;
    if (y0 + row < height && x0 + column < width) {
      int pixel = (y0 + row) * width + x0 + column;
      int n = firstImage + image;
      float* target = out + static_cast<long long>(n) * height * width + pixel;
      float value = __ldg(x + static_cast<long long>(n % xBatch) * height * width + pixel);
      *target = relevanceShare(alpha, value, sumOfPatches(patches, image, row, column), add != 0, add != 0 ? *target : 0.f);
    }
  }
}
