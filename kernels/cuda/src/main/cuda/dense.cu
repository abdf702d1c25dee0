// Products of small matrices, for dense layers and convolutions 1x1, where a library's large tiles leave most of the device idle.
//
//   dense_nn       y[m,n] = f(bias[n] + sum over k: x[m,k] * w[k,n])      a layer forwards, f = ReLU or identity
//   dense_nt       dx[m,n] = sum over k: dy[m,k] * w[n,k]                 towards its input
//   dense_tn       dw[m,n] = sum over k: x[k,m] * dy[k,n], dbias[n] = sum over k: dy[k,n]     its weights
//   dense_combine  y[i] = f(bias[i mod n] + sum over s: parts[s][i])
//
// All matrices lie row by row in the order of their indices. dbias is row m of the product whose x has a column of ones behind its last.
//
// Cost: 2 m n k FLOPs. 64 x 2048 inputs times 2048 x 128 weights are 34 MFLOP and 1.6 MB: half a microsecond for an H200 if all of it took
// part, so what counts is how long one block waits. A block computes 32 x 32 sums over up to 128 values of k at a time, which 256 threads load
// with all their loads under way (4 vectors of each matrix, once for most of these products); gridDim.z blocks share k, so that 64 x 128 sums
// over 2048 are 128 blocks, and dense_combine adds their parts in order. Four groups of 64 threads take a quarter of the values of k each, 4 x
// 4 sums to a thread: 8 loads from shared memory for 64 FMAs. The groups' sums are added in order, too.
//
// Shared memory: a matrix whose rows run along k stays as it is (pitch 132 floats: the lanes' 8 rows lie in 8 different groups of 4 banks),
// one whose columns do has 32 floats to a row. A thread's lines are 8 apart in the first and neighbours in the second, so that neither way
// meets bank conflicts.
#include "vectors4.cuh"

constexpr int TILE = 32;
constexpr int DEPTH = 128;
constexpr int THREADS = 256;
constexpr int GROUPS = 4;

// A vector of up to four values of a row, from column `column` of `columns`; zeros behind the end.
__device__ __forceinline__ float4 loadPart(const float* __restrict__ row, int column, int columns) {
  if (columns % 4 == 0 && column < columns) {
    return load4(row + column);
  }
  return make_float4(column < columns ? __ldg(row + column) : 0.f, column + 1 < columns ? __ldg(row + column + 1) : 0.f,
      column + 2 < columns ? __ldg(row + column + 2) : 0.f, column + 3 < columns ? __ldg(row + column + 3) : 0.f);
}

// One of the two factors: `lines` rows or columns, of which the block needs 32, each of `depth` values along k.
template <bool ALONG_K>
struct Factor {
  static constexpr int PITCH = ALONG_K ? DEPTH + 4 : TILE;
  static constexpr int SIZE = ALONG_K ? TILE * PITCH : DEPTH * PITCH;
  static constexpr int LOADS = TILE * DEPTH / 4 / THREADS;

  const float* values;
  int lines, depth, firstLine;
  // Whether a line of ones follows the last; only where the lines do not run along k.
  bool ones;
  float4 next[LOADS];

  // Values of k from firstK on, zeros from endK on and where there is no line.
  __device__ __forceinline__ void load(int firstK, int endK) {
#pragma unroll
    for (int i = 0; i < LOADS; i++) {
      int index = threadIdx.x + i * THREADS;
      if (ALONG_K) {
        int line = firstLine + index / (DEPTH / 4), k = firstK + index % (DEPTH / 4) * 4;
        next[i] = line < lines ? loadPart(values + static_cast<long long>(line) * depth, k, depth) : make_float4(0.f, 0.f, 0.f, 0.f);
        next[i] = make_float4(k < endK ? next[i].x : 0.f, k + 1 < endK ? next[i].y : 0.f, k + 2 < endK ? next[i].z : 0.f,
            k + 3 < endK ? next[i].w : 0.f);
      } else {
        int k = firstK + index / (TILE / 4), line = firstLine + index % (TILE / 4) * 4;
        next[i] = k < endK ? loadPart(values + static_cast<long long>(k) * lines, line, lines) : make_float4(0.f, 0.f, 0.f, 0.f);
        if (ones && k < endK) {
          int last = lines - line;
          next[i] = make_float4(last == 0 ? 1.f : next[i].x, last == 1 ? 1.f : next[i].y, last == 2 ? 1.f : next[i].z,
              last == 3 ? 1.f : next[i].w);
        }
      }
    }
  }

  __device__ __forceinline__ void store(float* memory) const {
#pragma unroll
    for (int i = 0; i < LOADS; i++) {
      int index = threadIdx.x + i * THREADS;
      store4(memory + (ALONG_K ? index / (DEPTH / 4) * PITCH + index % (DEPTH / 4) * 4 : index * 4), next[i]);
    }
  }

  // The number in the tile of line i of the four that belong to `place`, 0 to 7.
  static __device__ __forceinline__ int line(int place, int i) {
    return ALONG_K ? place + 8 * i : 4 * place + i;
  }

  // Four values of k from k on, of the four lines.
  static __device__ __forceinline__ void read(const float* memory, int place, int k, float (&value)[4][4]) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
      float4 v = *reinterpret_cast<const float4*>(memory + (ALONG_K ? line(place, i) * PITCH + k : (k + i) * PITCH + 4 * place));
      value[ALONG_K ? i : 0][ALONG_K ? 0 : i] = v.x;
      value[ALONG_K ? i : 1][ALONG_K ? 1 : i] = v.y;
      value[ALONG_K ? i : 2][ALONG_K ? 2 : i] = v.z;
      value[ALONG_K ? i : 3][ALONG_K ? 3 : i] = v.w;
    }
  }
};

// What becomes of the sums: of part blockIdx.z of k, or all of it.
struct Result {
  const float* bias;
  float *y, *lastRow;
  int rows, columns;
  bool relu;

  __device__ __forceinline__ void operator()(int row, int column, float sum) const {
    float value = bias == nullptr ? sum : sum + __ldg(bias + column);
    float* target = row == rows - 1 && lastRow != nullptr ? lastRow
        : y + (static_cast<long long>(blockIdx.z) * rows + row) * columns;
    target[column] = relu ? rectified(value) : value;
  }
};

// The tile of the product that is blockIdx.x'th of a's lines and blockIdx.y'th of b's.
template <bool A_ALONG_K, bool B_ALONG_K>
__device__ __forceinline__ void product(Factor<A_ALONG_K> a, Factor<B_ALONG_K> b, int depthOfPart, const Result& result) {
  using A = Factor<A_ALONG_K>;
  using B = Factor<B_ALONG_K>;
  __shared__ float4 memory[(A::SIZE + B::SIZE) / 4];
  float* memoryA = reinterpret_cast<float*>(memory);
  float* memoryB = memoryA + A::SIZE;
  int group = threadIdx.x / 64, placeA = threadIdx.x / 8 % 8, placeB = threadIdx.x % 8;
  int firstK = blockIdx.z * depthOfPart, endK = min(a.depth, firstK + depthOfPart);
  float sum[4][4] = {};
  for (int k = firstK; k < endK; k += DEPTH) {
    a.load(k, endK);
    b.load(k, endK);
    __syncthreads();
    a.store(memoryA);
    b.store(memoryB);
    __syncthreads();
#pragma unroll 2
    for (int i = group * (DEPTH / GROUPS); i < (group + 1) * (DEPTH / GROUPS); i += 4) {
      float valueA[4][4], valueB[4][4];
      A::read(memoryA, placeA, i, valueA);
      B::read(memoryB, placeB, i, valueB);
#pragma unroll
      for (int j = 0; j < 64; j++) {
        sum[j / 4 % 4][j % 4] = fmaf(valueA[j / 4 % 4][j / 16], valueB[j % 4][j / 16], sum[j / 4 % 4][j % 4]);
      }
    }
  }
  __syncthreads();
  float(*sums)[TILE][TILE + 1] = reinterpret_cast<float(*)[TILE][TILE + 1]>(memory);
#pragma unroll
  for (int i = 0; i < 16; i++) {
    sums[group][A::line(placeA, i / 4)][B::line(placeB, i % 4)] = sum[i / 4][i % 4];
  }
  __syncthreads();
  for (int i = threadIdx.x; i < TILE * TILE; i += THREADS) {
    int row = i / TILE, column = i % TILE;
    if (a.firstLine + row < result.rows && b.firstLine + column < result.columns) {
      float total = sums[0][row][column];
#pragma unroll
      for (int g = 1; g < GROUPS; g++) {
        total += sums[g][row][column];
      }
      result(a.firstLine + row, b.firstLine + column, total);
    }
  }
}

__device__ __forceinline__ int firstRow() {
  return blockIdx.x * TILE;
}

__device__ __forceinline__ int firstColumn() {
  return blockIdx.y * TILE;
}

extern "C" __global__ void __launch_bounds__(THREADS, 2) dense_nn(const float* __restrict__ x, const float* __restrict__ w,
    const float* __restrict__ bias, float* y, int m, int n, int k, int depthOfPart, int relu) {
  product(Factor<true>{x, m, k, firstRow()}, Factor<false>{w, n, k, firstColumn()}, depthOfPart, Result{bias, y, nullptr, m, n, relu != 0});
}

extern "C" __global__ void __launch_bounds__(THREADS, 2) dense_nt(const float* __restrict__ dy, const float* __restrict__ w, float* dx, int m,
    int n, int k, int depthOfPart) {
  product(Factor<true>{dy, m, k, firstRow()}, Factor<true>{w, n, k, firstColumn()}, depthOfPart, Result{nullptr, dx, nullptr, m, n, false});
}

// rows: m, or m + 1 where dbias is wanted. dbias may be null then: the last row follows the others, as conv_reduce_parts reads it.
extern "C" __global__ void __launch_bounds__(THREADS, 2) dense_tn(const float* __restrict__ x, const float* __restrict__ dy, float* dw,
    float* dbias, int m, int rows, int n, int k, int depthOfPart) {
  product(Factor<false>{x, m, k, firstRow(), rows > m}, Factor<false>{dy, n, k, firstColumn()}, depthOfPart,
      Result{nullptr, dw, dbias, rows, n, false});
}

extern "C" __global__ void dense_combine(const float* __restrict__ parts, int count, int size, const float* __restrict__ bias, int n,
    int relu, float* y) {
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < size; i += gridDim.x * blockDim.x) {
    float sum = __ldg(parts + i);
#pragma unroll 8
    for (int s = 1; s < count; s++) {
      sum += __ldg(parts + static_cast<long long>(s) * size + i);
    }
    sum += bias == nullptr ? 0.f : __ldg(bias + i % n);
    y[i] = relu ? rectified(sum) : sum;
  }
}
