// Weight and bias gradient of a convolution 3x3 with stride 1, padding 1, one group, input and output channels multiples of four:
//
//   dw[t,i,o] = sum over n, p: x[n, p + t - 1, i] * dy[n,p,o],   dbias[o] = sum over n, p: dy[n,p,o]
//
// Cost: 18 * N H W * inChannels * outChannels FLOPs; x and dy are read once for each tile of output or input channels (32 of them).
//
// The result is small and the sums are long, so each block sums over its own pixels and writes its part to parts[blockIdx.x][9 * inChannels
// * outChannels + outChannels]; conv_reduce_parts adds the parts in order. The partition depends on the shape alone.
//
// A block walks down columns of WIDTH pixels, row by row; shared memory holds the last three rows of x, the present row of dy and the next
// of both, which travel in registers while the present one is multiplied. A warp serves the taps of one row. A thread sums 3 taps x 4 input
// channels x 4 output channels: a pixel costs it one load of x (the other two taps slide along), one of dy, and 48 FMAs; with the two loads
// that begin a stretch of 8 pixels 384 to 18, or 21 to 1. Channels are contiguous in shared memory as they are outside, so nothing is
// transposed.
//
// Versions: c32 for 32 x 32 channels of a block of six warps; c16 and c8 for few channels, where 2 and 8 groups of lanes take neighbouring
// pixels and are added up by shuffles at the end. Registers (ptxas, sm_90): c32 115, so 2 blocks or 12 warps per multiprocessor; no spills.
// Counted in the machine code for sm_90, a row of 16 pixels takes 944 instructions, 768 of them FMAs: at most 81 % of the FMA peak.

#include "vectors4.cuh"

// Sums for 3 taps x 4 input channels x 4 output channels.
struct Sums {
  float4 tap[3][4];
};

template <int IN, int OUT, int WARPS_ACROSS, int STRETCH, int WIDTH>
struct WeightGradient {
  static constexpr int THREADS = 96 * WARPS_ACROSS;
  static constexpr int ROWS = IN / 4;
  static constexpr int COLUMNS = OUT / 4 / WARPS_ACROSS;
  static constexpr int LANE_GROUPS = 32 / (ROWS * COLUMNS);
  static constexpr int X_VECTORS = (WIDTH + 2) * IN / 4;
  static constexpr int DY_VECTORS = WIDTH * OUT / 4;
  static constexpr int X_LOADS = (X_VECTORS + THREADS - 1) / THREADS;
  static constexpr int DY_LOADS = (DY_VECTORS + THREADS - 1) / THREADS;

  const float *x, *dy;
  int batch, height, width, inChannels, outChannels, firstIn, firstOut;

  // One row of x from column x0 - 1 on, zeros outside. THREADS is a multiple of IN / 4 and OUT / 4: a thread sees the same channels every
  // time.
  __device__ __forceinline__ void loadX(int n, int row, int x0, float4 (&values)[X_LOADS]) const {
    int column = x0 - 1 + threadIdx.x / (IN / 4), channel = firstIn + threadIdx.x % (IN / 4) * 4;
    const float* source = x + ((n * height + row) * width + column) * inChannels + channel;
    bool rowInside = row >= 0 && row < height && channel < inChannels;
#pragma unroll
    for (int i = 0; i < X_LOADS; i++) {
      int c = column + i * (THREADS * 4 / IN);
      bool inside = rowInside && c >= 0 && c < width && (threadIdx.x + i * THREADS < X_VECTORS);
      values[i] = inside ? load4(source + i * (THREADS * 4 / IN) * inChannels) : make_float4(0.f, 0.f, 0.f, 0.f);
    }
  }

  __device__ __forceinline__ void loadDy(int n, int row, int x0, float4 (&values)[DY_LOADS], float4& biasSum) const {
    int column = x0 + threadIdx.x / (OUT / 4), channel = firstOut + threadIdx.x % (OUT / 4) * 4;
    const float* source = dy + ((n * height + row) * width + column) * outChannels + channel;
#pragma unroll
    for (int i = 0; i < DY_LOADS; i++) {
      int c = column + i * (THREADS * 4 / OUT);
      bool inside = channel < outChannels && c < width && (threadIdx.x + i * THREADS < DY_VECTORS);
      values[i] = inside ? load4(source + i * (THREADS * 4 / OUT) * outChannels) : make_float4(0.f, 0.f, 0.f, 0.f);
      biasSum = add4(biasSum, values[i]);
    }
  }

  template <int LOADS, int SIZE>
  __device__ __forceinline__ static void store(const float4 (&values)[LOADS], float4* row) {
#pragma unroll
    for (int i = 0; i < LOADS; i++) {
      int index = threadIdx.x + i * THREADS;
      if (index < SIZE) {
        row[index] = values[i];
      }
    }
  }

  // The products of STRETCH pixels: xRow[0] is the pixel left of the first.
  __device__ __forceinline__ static void multiply(const float4* xRow, const float4* dyRow, Sums& sums) {
    float4 window[3];
    window[0] = xRow[0];
    window[1] = xRow[IN / 4];
#pragma unroll
    for (int p = 0; p < STRETCH; p++) {
      window[(p + 2) % 3] = xRow[(p + 2) * (IN / 4)];
      float4 d = dyRow[p * (OUT / 4)];
#pragma unroll
      for (int t = 0; t < 3; t++) {
        float4 in = window[(p + t) % 3];
        fma4(in.x, d, sums.tap[t][0]);
        fma4(in.y, d, sums.tap[t][1]);
        fma4(in.z, d, sums.tap[t][2]);
        fma4(in.w, d, sums.tap[t][3]);
      }
    }
  }

  // Columns of `rows` rows each are numbered over the strips of an image, then over the images; a block takes perBlock of them.
  __device__ __forceinline__ void run(int rows, int perBlock, float* parts) const {
    __shared__ float4 xRows[4][X_VECTORS];
    __shared__ float4 dyRows[2][DY_VECTORS];
    int lane = threadIdx.x % 32, tapRow = threadIdx.x / 32 % 3;
    // Lanes i and i^1 share x, lanes i and i^2 share dy.
    int column = COLUMNS == 4 && ROWS == 8 ? lane % 2 + lane / 16 * 2 : lane % COLUMNS;
    int row = COLUMNS == 4 && ROWS == 8 ? lane / 2 % 8 : lane / COLUMNS % ROWS;
    int group = lane / (ROWS * COLUMNS);
    column += threadIdx.x / 96 * COLUMNS;

    Sums sums;
#pragma unroll
    for (int i = 0; i < 12; i++) {
      sums.tap[i / 4][i % 4] = make_float4(0.f, 0.f, 0.f, 0.f);
    }
    float4 biasSum = make_float4(0.f, 0.f, 0.f, 0.f);
    int strips = (width + WIDTH - 1) / WIDTH, rowBlocks = (height + rows - 1) / rows;
    int all = batch * rowBlocks * strips;
    int first = blockIdx.x * perBlock;
    for (int index = first; index < first + perBlock && index < all; index++) {
      int x0 = index % strips * WIDTH, y0 = index / strips % rowBlocks * rows, n = index / strips / rowBlocks;
      int end = y0 + rows < height ? y0 + rows : height;
      float4 nextX[X_LOADS], nextDy[DY_LOADS];
#pragma unroll 1
      for (int i = 0; i < 3; i++) {
        loadX(n, y0 + i - 1, x0, nextX);
        store<X_LOADS, X_VECTORS>(nextX, xRows[i]);
      }
      loadDy(n, y0, x0, nextDy, biasSum);
      store<DY_LOADS, DY_VECTORS>(nextDy, dyRows[0]);
      __syncthreads();
      for (int y = y0; y < end; y++) {
        bool more = y + 1 < end;
        if (more) {
          loadX(n, y + 2, x0, nextX);
          loadDy(n, y + 1, x0, nextDy, biasSum);
        }
        const float4* xRow = xRows[(y - y0 + tapRow) % 4] + row;
        const float4* dyRow = dyRows[(y - y0) % 2] + column;
#pragma unroll 1
        for (int p = group * STRETCH; p < WIDTH && x0 + p < width; p += LANE_GROUPS * STRETCH) {
          multiply(xRow + p * (IN / 4), dyRow + p * (OUT / 4), sums);
        }
        if (more) {
          store<X_LOADS, X_VECTORS>(nextX, xRows[(y - y0 + 3) % 4]);
          store<DY_LOADS, DY_VECTORS>(nextDy, dyRows[(y - y0 + 1) % 2]);
        }
        __syncthreads();
      }
    }
    float* part = parts + blockIdx.x * (9LL * inChannels * outChannels + outChannels);
    addLaneGroups(sums);
    writeWeights(sums, tapRow, row, column, group, part);
    if (firstIn == 0) {
      writeBias(biasSum, &dyRows[0][0], part + 9LL * inChannels * outChannels);
    }
  }

 private:
  __device__ __forceinline__ static float addUp(float v) {
#pragma unroll
    for (int distance = 16; distance >= ROWS * COLUMNS; distance /= 2) {
      v += __shfl_xor_sync(0xffffffffu, v, distance);
    }
    return v;
  }

  __device__ __forceinline__ static void addLaneGroups(Sums& sums) {
    if (LANE_GROUPS > 1) {
#pragma unroll
      for (int i = 0; i < 12; i++) {
        float4& sum = sums.tap[i / 4][i % 4];
        sum = make_float4(addUp(sum.x), addUp(sum.y), addUp(sum.z), addUp(sum.w));
      }
    }
  }

  __device__ __forceinline__ void writeWeights(const Sums& sums, int tapRow, int row, int column, int group, float* part) const {
    int out = firstOut + column * 4;
#pragma unroll
    for (int i = 0; i < 12; i++) {
      int in = firstIn + row * 4 + i % 4;
      if (group == 0 && in < inChannels && out < outChannels) {
        store4(part + (static_cast<long long>(tapRow * 3 + i / 4) * inChannels + in) * outChannels + out, sums.tap[i / 4][i % 4]);
      }
    }
  }

  // Every thread has summed the rows that it loaded; threads OUT / 4 apart loaded the same channels.
  __device__ __forceinline__ void writeBias(const float4& biasSum, float4* memory, float* part) const {
    memory[threadIdx.x] = biasSum;
    __syncthreads();
    if (threadIdx.x < OUT / 4 && firstOut + threadIdx.x * 4 < outChannels) {
      float4 sum = memory[threadIdx.x];
      for (int i = threadIdx.x + OUT / 4; i < THREADS; i += OUT / 4) {
        sum = add4(sum, memory[i]);
      }
      store4(part + firstOut + threadIdx.x * 4, sum);
    }
  }
};

template <int IN, int OUT, int WARPS_ACROSS, int STRETCH, int WIDTH>
__device__ __forceinline__ void gradient(const float* __restrict__ x, const float* __restrict__ dy, float* parts, int batch, int height,
    int width, int inChannels, int outChannels, int rows, int perBlock) {
  static_assert(2 * WIDTH * OUT / 4 >= 96 * WARPS_ACROSS, "the bias sums of all threads fit into the rows of dy");
  WeightGradient<IN, OUT, WARPS_ACROSS, STRETCH, WIDTH> block = {x, dy, batch, height, width, inChannels, outChannels,
      static_cast<int>(blockIdx.y) * IN, static_cast<int>(blockIdx.z) * OUT};
  block.run(rows, perBlock, parts);
}

extern "C" __global__ void __launch_bounds__(192, 2) conv3x3_weights_c32(const float* __restrict__ x, const float* __restrict__ dy,
    float* parts, int batch, int height, int width, int inChannels, int outChannels, int rows, int perBlock) {
  gradient<32, 32, 2, 8, 16>(x, dy, parts, batch, height, width, inChannels, outChannels, rows, perBlock);
}

extern "C" __global__ void __launch_bounds__(96) conv3x3_weights_c16(const float* __restrict__ x, const float* __restrict__ dy,
    float* parts, int batch, int height, int width, int inChannels, int outChannels, int rows, int perBlock) {
  gradient<16, 16, 1, 8, 16>(x, dy, parts, batch, height, width, inChannels, outChannels, rows, perBlock);
}

extern "C" __global__ void __launch_bounds__(96) conv3x3_weights_c8(const float* __restrict__ x, const float* __restrict__ dy, float* parts,
    int batch, int height, int width, int inChannels, int outChannels, int rows, int perBlock) {
  gradient<8, 8, 1, 4, 32>(x, dy, parts, batch, height, width, inChannels, outChannels, rows, perBlock);
}
