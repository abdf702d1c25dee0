// U <- U (U^T U)^(-1/2) for every start (Subspaces.orthogonalize) by matrix products alone: X <- X (3 I - X^T X) / 2 in float64, from
// X = U / sqrt(largest absolute row sum of U^T U), whose singular values are at most 1.
//
// An ascent of 3 starts x 5000 steps on an H200 (bench/results/2026-11-26-nvidia-h200.json), beside the one by eigenvectors as it was then, with
// products of our own: 1.90 s against 2.65 s at n 128, 0.71 s against 0.33 s at n 16.
//
// Cost: two products of 2 n^3 FLOP for each iteration and start, about 10 iterations; at n 128 some 0.1 ms (counted, not measured). The
// products are our own, since those of cuBLAS cannot end early: block (x, y, start) of 256 threads computes a tile of 16 x 16; thread (tx, ty)
// is t = 16 ty + tx. At n 128 that is 192 blocks for 3 starts, which mostly wait for memory.
//
// unfinished[start, i, block] != 0 where a block found a value of X_i^T X_i further than the tolerance from the
// identity: then step i is not the last. What comes after the last does nothing, which costs a launch of a graph and no more.

constexpr int TILE = 16;
constexpr int DEPTH = 32;
constexpr int PRODUCT_THREADS = TILE * TILE;

__device__ __forceinline__ int tileRow() {
  return blockIdx.y * TILE + threadIdx.x / TILE;
}

__device__ __forceinline__ int tileColumn() {
  return blockIdx.x * TILE + threadIdx.x % TILE;
}

// Copies op(matrix)[line, k] for 16 lines and 32 k into shared memory, zeros outside. Transposed: matrix[k, line].
template <bool transposed, typename T>
__device__ __forceinline__ void loadTile(const T* matrix, int n, int firstLine, int firstK, double (*tile)[DEPTH + 1]) {
  for (int i = threadIdx.x; i < TILE * DEPTH; i += PRODUCT_THREADS) {
    const int line = transposed ? i % TILE : i / DEPTH;
    const int k = transposed ? i / TILE : i % DEPTH;
    const bool inside = firstLine + line < n && firstK + k < n;
    const int index = transposed ? (firstK + k) * n + firstLine + line : (firstLine + line) * n + firstK + k;
    tile[line][k] = inside ? static_cast<double>(matrix[index]) : 0.0;
  }
}

// (op(A) B)[row, column] of this thread.
template <bool transposeA, typename T>
__device__ __forceinline__ double product(int n, const T* a, const T* b) {
  __shared__ double tileA[TILE][DEPTH + 1];
  __shared__ double tileB[TILE][DEPTH + 1];
  const int y = threadIdx.x / TILE;
  const int x = threadIdx.x % TILE;
  double sum = 0.0;
  for (int k = 0; k < n; k += DEPTH) {
    loadTile<transposeA>(a, n, blockIdx.y * TILE, k, tileA);
    loadTile<true>(b, n, blockIdx.x * TILE, k, tileB);
    __syncthreads();
#pragma unroll
    for (int i = 0; i < DEPTH; i++) {
      sum += tileA[y][i] * tileB[x][i];
    }
    __syncthreads();
  }
  return sum;
}

__device__ __forceinline__ long long ofStart(int n) {
  return static_cast<long long>(blockIdx.z) * n * n;
}

// Blocks that compute a matrix; kernels that are no products have no more of them.
__device__ __forceinline__ int tilesOf(int n) {
  const int tiles = (n + TILE - 1) / TILE;
  return tiles * tiles;
}

__device__ __forceinline__ int* flagsOf(int* unfinished, int n, int most, int step) {
  return unfinished + static_cast<long long>(blockIdx.z * most + step) * tilesOf(n);
}

// Whether X_step is not yet orthogonal; the same in the whole block, all threads of which must ask.
__device__ __forceinline__ bool isUnfinished(int* unfinished, int n, int most, int step) {
  const int* flags = flagsOf(unfinished, n, most, step);
  int any = 0;
  for (int i = threadIdx.x; i < tilesOf(n); i += blockDim.x) {
    any |= flags[i];
  }
  return __syncthreads_or(any) != 0;
}

// Says for this block whether its part of X_step^T X_step is further than the tolerance from the identity. All threads must come.
__device__ __forceinline__ void noteUnfinished(int* unfinished, int n, int most, int step, bool far) {
  const int any = __syncthreads_or(far ? 1 : 0);
  if (threadIdx.x == 0) {
    flagsOf(unfinished, n, most, step)[blockIdx.y * gridDim.x + blockIdx.x] = any;
  }
}

// True for NaN.
__device__ __forceinline__ bool isFar(double gram, bool diagonal, double tolerance) {
  return !(fabs(gram - (diagonal ? 1.0 : 0.0)) <= tolerance);
}

// gram <- U^T U.
extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS) schulzGram(int n, const float* __restrict__ u, double* __restrict__ gram) {
  const double value = product<true>(n, u + ofStart(n), u + ofStart(n));
  if (tileRow() < n && tileColumn() < n) {
    gram[ofStart(n) + tileRow() * n + tileColumn()] = value;
  }
}

// One block for each start: scale <- 1 / sqrt(largest absolute row sum of the Gram matrix), which is symmetric.
extern "C" __global__ void __launch_bounds__(256) schulzScale(int n, const double* __restrict__ gram, double* __restrict__ scale) {
  __shared__ double sums[256];
  const double* matrix = gram + static_cast<long long>(blockIdx.x) * n * n;
  double largest = 0.0;
  for (int column = threadIdx.x; column < n; column += 256) {
    double sum = 0.0;
    for (int row = 0; row < n; row++) {
      sum += fabs(matrix[row * n + column]);
    }
    largest = sum > largest || sum != sum ? sum : largest;
  }
  sums[threadIdx.x] = largest;
  __syncthreads();
  if (threadIdx.x == 0) {
    for (int i = 1; i < 256; i++) {
      largest = sums[i] > largest || sums[i] != sums[i] ? sums[i] : largest;
    }
    scale[blockIdx.x] = 1.0 / sqrt(largest);
  }
}

// X_0 <- scale U; factor <- (3 I - scale^2 gram) / 2, in place of the Gram matrix. One thread for each value.
extern "C" __global__ void schulzBegin(int n, int most, double tolerance, const float* __restrict__ u, const double* __restrict__ scale,
    double* __restrict__ gramAndFactor, double* __restrict__ x, int* unfinished) {
  const double by = scale[blockIdx.z];
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  bool far = false;
  if (i < n * n) {
    const long long at = ofStart(n) + i;
    const bool diagonal = i / n == i % n;
    const double gram = by * by * gramAndFactor[at];
    x[at] = by * u[at];
    gramAndFactor[at] = (diagonal ? 1.5 : 0.0) - 0.5 * gram;
    far = isFar(gram, diagonal, tolerance);
  }
  noteUnfinished(unfinished, n, most, 0, far);
}

// X_(i+1) <- X_i factor, if step i is still needed: the first always, another if X_(i-1) was not finished.
extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS) schulzStep(int n, int most, int step, const double* __restrict__ x,
    const double* __restrict__ factor, int* unfinished, double* __restrict__ next) {
  if (step == 0 || isUnfinished(unfinished, n, most, step - 1)) {
    const double value = product<false>(n, x + ofStart(n), factor + ofStart(n));
    if (tileRow() < n && tileColumn() < n) {
      next[ofStart(n) + tileRow() * n + tileColumn()] = value;
    }
  }
}

// factor <- (3 I - X_i^T X_i) / 2 for step i, if X_(i-1) was not finished.
extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS)
schulzFactor(int n, int most, int step, double tolerance, const double* __restrict__ x, double* __restrict__ factor, int* unfinished) {
  if (isUnfinished(unfinished, n, most, step - 1)) {
    const double value = product<true>(n, x + ofStart(n), x + ofStart(n));
    const bool inside = tileRow() < n && tileColumn() < n;
    const bool diagonal = tileRow() == tileColumn();
    if (inside) {
      factor[ofStart(n) + tileRow() * n + tileColumn()] = (diagonal ? 1.5 : 0.0) - 0.5 * value;
    }
    noteUnfinished(unfinished, n, most, step, inside && isFar(value, diagonal, tolerance));
  }
}

// U <- the last X: even and odd iterates lie in different places. One thread for each value.
extern "C" __global__ void schulzEnd(int n, int most, const double* __restrict__ even, const double* __restrict__ odd, int* unfinished,
    float* __restrict__ u) {
  int steps = 1;
  while (steps < most && isUnfinished(unfinished, n, most, steps - 1)) {
    steps++;
  }
  const double* x = steps % 2 == 0 ? even : odd;
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n * n) {
    u[ofStart(n) + i] = static_cast<float>(x[ofStart(n) + i]);
  }
}
