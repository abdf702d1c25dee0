// The DRSA objective and its gradient for all starts (Subspaces.subspaceGradient), and the step of the ascent.
//
// With the data stacked, X = [A; C] (2N x D), and the bases U_s side by side, [H; G] = X U for all starts is one matrix product of
// cuBLAS, written as HG, 2N x (starts D). The way back is one product too: with HG overwritten by B = [r+ G; r+ H], row by row and block
// by block,
//   dJ/dU[j,i] = weight[k] sum over n: A[n,j] r+ G[n,i] + C[n,j] r+ H[n,i] = weight[k] (X^T B)[j,i],   i in block k.
// With windows, r+ is that of a row's window. The weights need the sums over all n, so they come last. The second product has few outputs (D x starts D) and a long sum (2N): it is
// cut into at most 64 chunks of rows, one batch of cuBLAS, whose results subspaceCombine adds in float64. Rows behind the 2N are zeros.
//
// Cost at D 128, N 9600, 3 starts: 2 products of 1.9 GFLOP, which is where the time goes (about 50 us each at 40 TFLOP/s). HG is 29 MB,
// read and written once by subspaceRelevance, the partial gradients 12 MB: both stay in the 50 MB L2 of an H200. 5 launches in all. At D
// 16, N 8000 everything fits in the L2 and the launches are the time.
//
// The partition depends on the shapes alone, sums over rows run in float64 in a fixed order: same bytes on every run.

constexpr int THREADS = 256;
constexpr int ROWS_PER_BLOCK = 256;
constexpr unsigned ALL_LANES = 0xffffffffu;

// NaN stays NaN.
__device__ __forceinline__ float positivePartOf(float r) {
  return r < 0.0f ? 0.0f : r;
}

// Sum over a team of consecutive lanes, a power of two of them; every lane gets it.
__device__ __forceinline__ float sumOfTeam(float value, int team) {
  for (int distance = team / 2; distance > 0; distance /= 2) {
    value += __shfl_xor_sync(ALL_LANES, value, distance);
  }
  return value;
}

// Thread 0 writes the sum of all threads' values.
__device__ void writeSumOfBlock(double value, double* target) {
  __shared__ double values[THREADS];
  const int thread = threadIdx.x;
  values[thread] = value;
  __syncthreads();
  for (int distance = THREADS / 2; distance > 0; distance /= 2) {
    if (thread < distance) {
      values[thread] += values[thread + distance];
    }
    __syncthreads();
  }
  if (thread == 0) {
    *target = values[0];
  }
}

// One segment of a row, the columns of one block of one start, held by a team of lanes in whatever way.
struct ScalarSegment {
  int width;
  int team;
  int lane;

  __device__ float product(const float* h, const float* g) const {
    float sum = 0.0f;
    for (int i = lane; i < width; i += team) {
      sum = fmaf(h[i], g[i], sum);
    }
    return sum;
  }

  // h <- r g and g <- r h.
  __device__ void exchange(float r, float* h, float* g) const {
    for (int i = lane; i < width; i += team) {
      const float old = h[i];
      h[i] = r * g[i];
      g[i] = r * old;
    }
  }
};

// Four columns for each lane, which stay in registers in between: width = 4 team.
struct VectorSegment {
  int lane;
  float4 heldH = {};
  float4 heldG = {};

  __device__ explicit VectorSegment(int laneOfTeam) : lane(laneOfTeam) {}

  __device__ float product(const float* h, const float* g) {
    heldH = reinterpret_cast<const float4*>(h)[lane];
    heldG = reinterpret_cast<const float4*>(g)[lane];
    return fmaf(heldH.x, heldG.x, fmaf(heldH.y, heldG.y, fmaf(heldH.z, heldG.z, heldH.w * heldG.w)));
  }

  __device__ void exchange(float r, float* h, float* g) const {
    reinterpret_cast<float4*>(h)[lane] = make_float4(r * heldG.x, r * heldG.y, r * heldG.z, r * heldG.w);
    reinterpret_cast<float4*>(g)[lane] = make_float4(r * heldH.x, r * heldH.y, r * heldH.z, r * heldH.w);
  }
};

// Block (x, q) takes 256 rows of segment q = start * K + k: r+ = max(0, H . G over the segment), rows of HG become r+ times the other's,
// and energy[q, x] = sum over the rows: r+^2.
template <typename Segment>
__device__ void relevanceOfSegment(Segment segment, int rows, int columns, int width, int team, float* hg, double* energy) {
  const int rowsAtOnce = THREADS / team;
  double sum = 0.0;
  // All lanes go around equally often, as the shuffles need.
  for (int i = 0; i < ROWS_PER_BLOCK; i += rowsAtOnce) {
    const int row = blockIdx.x * ROWS_PER_BLOCK + i + threadIdx.x / team;
    float* h = hg + static_cast<long long>(row) * columns + static_cast<long long>(blockIdx.y) * width;
    float* g = h + static_cast<long long>(rows) * columns;
    const float r = positivePartOf(sumOfTeam(row < rows ? segment.product(h, g) : 0.0f, team));
    if (row < rows) {
      segment.exchange(r, h, g);
      sum += threadIdx.x % team == 0 ? static_cast<double>(r) * r : 0.0;
    }
  }
  writeSumOfBlock(sum, energy + static_cast<long long>(blockIdx.y) * gridDim.x + blockIdx.x);
}

// Plain: any width; team is a power of two up to 32.
extern "C" __global__ void __launch_bounds__(THREADS)
subspaceRelevance(int rows, int columns, int width, int team, float* hg, double* energy) {
  relevanceOfSegment(ScalarSegment{width, team, static_cast<int>(threadIdx.x) % team}, rows, columns, width, team, hg, energy);
}

// Fast: width is 4, 8, 16, 32, 64 or 128. One 16-byte read and write of each value instead of two reads and a write of 4 bytes.
extern "C" __global__ void __launch_bounds__(THREADS)
subspaceRelevanceVector(int rows, int columns, int width, float* hg, double* energy) {
  const int team = width / 4;
  relevanceOfSegment(VectorSegment(static_cast<int>(threadIdx.x) % team), rows, columns, width, team, hg, energy);
}

// Block (n, q) takes window n, so many rows, of segment q: r+ = max(0, sum over its rows of H . G), rows of HG become r+ times the
// other's, and energy[q, n] = r+^2. A thread takes the same values in both passes, so what it reads again lies in the first-level cache.
extern "C" __global__ void __launch_bounds__(THREADS)
subspaceRelevanceWindow(int rows, int columns, int width, int window, float* hg, double* energy) {
  __shared__ double relevance;
  float* h = hg + static_cast<long long>(blockIdx.x) * window * columns + static_cast<long long>(blockIdx.y) * width;
  const long long toG = static_cast<long long>(rows) * columns;
  double sum = 0.0;
  for (int i = threadIdx.x; i < window * width; i += THREADS) {
    const float* value = h + static_cast<long long>(i / width) * columns + i % width;
    sum += static_cast<double>(value[0]) * value[toG];
  }
  writeSumOfBlock(sum, &relevance);
  __syncthreads();
  const float r = positivePartOf(static_cast<float>(relevance));
  for (int i = threadIdx.x; i < window * width; i += THREADS) {
    float* value = h + static_cast<long long>(i / width) * columns + i % width;
    const float old = value[0];
    value[0] = r * value[toG];
    value[toG] = r * old;
  }
  if (threadIdx.x == 0) {
    energy[static_cast<long long>(blockIdx.y) * gridDim.x + blockIdx.x] = static_cast<double>(r) * r;
  }
}

// One block for each start: m[k] = sqrt(mean r+^2), J = (mean over k: sqrt(m[k]))^2 to objective[position + start], and
//   weight[k] = (mean over k: sqrt(m[k])) m[k]^(-1/2) / (K m[k] N), 0 where m[k] = 0. rows is N, the number of windows.
// position is a number in device memory, so that a graph can write one objective after the other.
extern "C" __global__ void __launch_bounds__(THREADS)
subspaceObjective(int rows, int subspaces, int blocks, const double* energy, const int* position, float* objective, double* weights) {
  __shared__ double meanRoot;
  double* weightsOfStart = weights + static_cast<long long>(blockIdx.x) * subspaces;
  for (int k = threadIdx.x; k < subspaces; k += THREADS) {
    const double* parts = energy + (static_cast<long long>(blockIdx.x) * subspaces + k) * blocks;
    double sum = 0.0;
    for (int block = 0; block < blocks; block++) {
      sum += parts[block];
    }
    weightsOfStart[k] = sqrt(sum / rows);
  }
  __syncthreads();
  if (threadIdx.x == 0) {
    double sum = 0.0;
    for (int k = 0; k < subspaces; k++) {
      sum += sqrt(weightsOfStart[k]);
    }
    meanRoot = sum / subspaces;
    objective[*position + blockIdx.x] = static_cast<float>(meanRoot * meanRoot);
  }
  __syncthreads();
  for (int k = threadIdx.x; k < subspaces; k += THREADS) {
    const double m = weightsOfStart[k];
    weightsOfStart[k] = m == 0.0 ? 0.0 : meanRoot / sqrt(m) / (subspaces * m * rows);
  }
}

// One value of the gradient of one start: weight * sum over the chunks, in their order. partial is chunks x D x (starts D).
__device__ __forceinline__ float combined(long long index, int starts, int dimensions, int subspaces, int chunks, const float* partial,
    const double* weights) {
  const long long size = static_cast<long long>(dimensions) * dimensions;
  const int start = static_cast<int>(index / size);
  const int row = static_cast<int>(index % size / dimensions);
  const int column = static_cast<int>(index % dimensions);
  const float* part = partial + (static_cast<long long>(row) * starts + start) * dimensions + column;
  double sum = 0.0;
  for (int chunk = 0; chunk < chunks; chunk++) {
    sum += part[chunk * size * starts];
  }
  return static_cast<float>(weights[start * subspaces + column / (dimensions / subspaces)] * sum);
}

extern "C" __global__ void __launch_bounds__(THREADS)
subspaceCombine(int starts, int dimensions, int subspaces, int chunks, const float* __restrict__ partial,
    const double* __restrict__ weights, float* __restrict__ gradient) {
  const long long all = static_cast<long long>(starts) * dimensions * dimensions;
  const long long stride = static_cast<long long>(gridDim.x) * THREADS;
  for (long long i = static_cast<long long>(blockIdx.x) * THREADS + threadIdx.x; i < all; i += stride) {
    gradient[i] = combined(i, starts, dimensions, subspaces, chunks, partial, weights);
  }
}

// subspaceCombine, then U <- U + stepSize gradient; moves the position of the objectives on.
extern "C" __global__ void __launch_bounds__(THREADS)
subspaceStep(int starts, int dimensions, int subspaces, int chunks, float stepSize, const float* __restrict__ partial,
    const double* __restrict__ weights, float* __restrict__ gradient, float* __restrict__ u, int* __restrict__ position) {
  const long long all = static_cast<long long>(starts) * dimensions * dimensions;
  const long long stride = static_cast<long long>(gridDim.x) * THREADS;
  for (long long i = static_cast<long long>(blockIdx.x) * THREADS + threadIdx.x; i < all; i += stride) {
    const float derivative = combined(i, starts, dimensions, subspaces, chunks, partial, weights);
    gradient[i] = derivative;
    u[i] += stepSize * derivative;
  }
  if (blockIdx.x == 0 && threadIdx.x == 0) {
    *position += starts;
  }
}
