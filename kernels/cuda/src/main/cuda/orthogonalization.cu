// U <- U (U^T U)^(-1/2) for every start (Subspaces.orthogonalize): the polar factor of an n x n matrix, by its
// eigenvectors. (newtonSchulz.cu finds it by products alone.) All products are cuBLAS's, in float64 and for all starts at once
// (CudaOrthogonalization calls them); here are the eigendecomposition and what goes value by value.
//
// With V that makes the columns of X = U V orthogonal, M = X^T X = V^T (U^T U) V is diagonal, and the result is X M^(-1/2) V^T. V
// is found by Hestenes' one-sided Jacobi rotations (Golub and Van Loan, Matrix Computations, 8.6.3), in float32. What is left off the
// diagonal of M, and the rounding of V, are then corrected in float64, so the result is that of a float64 decomposition to well below
// float32 rounding:
//   V <- V (3 I - V^T V) / 2,
//   (M^(-1/2))[i,j] = -M[i,j] / (p_i p_j (p_i + p_j)) for i != j, 1 / p_i for i = j,  with p_i = sqrt(M[i,i]),
// the latter being exact to first order in the off-diagonal part (Daleckii and Krein: f(D + F)[i,j] = f[d_i, d_j] F[i,j], where the
// divided difference of x^(-1/2) has no small denominators, also for equal eigenvalues). The last sweep meets cosines of at most 2e-4 and
// leaves far smaller ones; even 2e-4 would leave an error of 4e-8.
//
// The ascent changes the eigenvectors of U^T U little from step to step: V is kept, and after the first steps 1 to 3 sweeps of rotations
// do where 7 are needed from I. Matrices are kept transposed, V^T and X^T, so that a column of V or X lies in one piece.
//
// Up to n 256 one block makes all sweeps of a start (polarSweeps...): rounds on several blocks would need a launch for each. Cost at n 128
// (counted, not measured): a sweep is n (n - 1) / 2 = 8128 rotations of 4 n values, 127 rounds of 64 independent ones with a barrier after
// each. A round is about 130 instructions for each pair, 2000 clocks of the 4 schedulers of a multiprocessor, and what it writes passes its
// L1 at 64 bytes per clock, 2000 clocks too: 1.2 us, a sweep 0.15 ms, less where many pairs are orthogonal already. The 7 products, 4 MFLOP
// each and start, and the 5 launches that go value by value are each a few us. Together 0.2 to 0.5 ms for a warm step; more starts run beside
// each other. At n 16: 15 rounds, about 10 us a sweep, and the launches.
//
// Larger matrices are cut into panels of 8 columns, which meet in a tournament of their own (polarPanels): a round is a launch, in which
// each block has two panels to itself. Cost at n 1024 (counted, not measured): 127 launches a sweep, each with 64 blocks for each start
// of 8 rounds; in a round a warp reads two columns, 8 KiB, and where they are not orthogonal reads and writes 16 KiB more, from L1, which holds
// the 128 KiB of a block: about 3 to 12 us a launch, 0.4 to 1.6 ms a sweep. After the last sweep that is needed launches end at once, 1 us
// each in a graph: with at most 20 sweeps 2.5 ms a step, 1.2 ms at n 512.

constexpr unsigned ALL_LANES = 0xffffffffu;

constexpr int THREADS = 256;

__device__ __forceinline__ long long ofStart(int n) {
  return static_cast<long long>(blockIdx.z) * n * n;
}

// The value of this thread in a matrix; n * n or more for none.
__device__ __forceinline__ int ownValue() {
  return blockIdx.x * THREADS + threadIdx.x;
}

// V^T <- I for every start. As all that go value by value: block (x, 0, start).
extern "C" __global__ void __launch_bounds__(THREADS) polarIdentity(int n, double* vt) {
  const int i = ownValue();
  if (i < n * n) {
    vt[ofStart(n) + i] = i / n == i % n ? 1.0 : 0.0;
  }
}

// U in float64.
extern "C" __global__ void __launch_bounds__(THREADS) polarWiden(int n, const float* __restrict__ u, double* __restrict__ wide) {
  const int i = ownValue();
  if (i < n * n) {
    wide[ofStart(n) + i] = u[ofStart(n) + i];
  }
}

// The columns for the rotations: X^T and V^T, rounded to float32.
extern "C" __global__ void __launch_bounds__(THREADS) polarColumns(int n, const double* __restrict__ xt, const double* __restrict__ vt,
    float* __restrict__ columns, float* __restrict__ turned) {
  const int i = ownValue();
  if (i < n * n) {
    columns[ofStart(n) + i] = static_cast<float>(xt[ofStart(n) + i]);
    turned[ofStart(n) + i] = static_cast<float>(vt[ofStart(n) + i]);
  }
}

// V^T after the rotations, in float64, twice: what it is multiplied with, and what is added to.
extern "C" __global__ void __launch_bounds__(THREADS)
polarTurned(int n, const float* __restrict__ turned, double* __restrict__ factor, double* __restrict__ vt) {
  const int i = ownValue();
  if (i < n * n) {
    factor[ofStart(n) + i] = turned[ofStart(n) + i];
    vt[ofStart(n) + i] = turned[ofStart(n) + i];
  }
}

// root <- M^(-1/2), M being almost diagonal; block (row, 0, start). Eigenvalues are taken to be at least 1e-14 of the largest, so that a
// singular U does not become infinite.
extern "C" __global__ void __launch_bounds__(THREADS) polarInverseRoot(int n, const double* __restrict__ m, double* __restrict__ root) {
  __shared__ double most[THREADS];
  const double* matrix = m + ofStart(n);
  const int row = blockIdx.x;
  double largest = 0.0;
  for (int i = threadIdx.x; i < n; i += THREADS) {
    const double value = matrix[static_cast<long long>(i) * n + i];
    largest = value > largest ? value : largest;
  }
  most[threadIdx.x] = largest;
  for (int half = THREADS / 2; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.x < half && most[threadIdx.x + half] > most[threadIdx.x]) {
      most[threadIdx.x] = most[threadIdx.x + half];
    }
  }
  __syncthreads();
  const double smallest = 1e-14 * most[0];
  const double squareI = matrix[static_cast<long long>(row) * n + row];
  const double i = sqrt(squareI < smallest ? smallest : squareI); // NaN stays NaN
#pragma unroll 1
  for (int column = threadIdx.x; column < n; column += THREADS) {
    const long long at = static_cast<long long>(row) * n + column;
    const double squareJ = matrix[static_cast<long long>(column) * n + column];
    const double j = sqrt(squareJ < smallest ? smallest : squareJ);
    root[ofStart(n) + at] = row == column ? 1.0 / i : -matrix[at] / (i * j * (i + j));
  }
}

// U in float32.
extern "C" __global__ void __launch_bounds__(THREADS) polarNarrow(int n, const double* __restrict__ wide, float* __restrict__ u) {
  const int i = ownValue();
  if (i < n * n) {
    u[ofStart(n) + i] = static_cast<float>(wide[ofStart(n) + i]);
  }
}

constexpr int JACOBI_THREADS = 1024;
constexpr int MOST_DIMENSIONS = 256;
constexpr int MOST_SWEEPS = 30;
// Columns whose cosine is not above this stay as they are; a sweep that meets none above END is the last.
constexpr float ORTHOGONAL = 1e-6f;
constexpr float END = 2e-4f;

__device__ __forceinline__ float sumOfWarp(float value) {
#pragma unroll
  for (int distance = 16; distance > 0; distance /= 2) {
    value += __shfl_xor_sync(ALL_LANES, value, distance);
  }
  return value;
}

// Plain: two columns in memory, of any length.
struct ColumnsInMemory {
  __device__ static float product(int n, int lane, const float* x, const float* y) {
    float sum = 0.0f;
#pragma unroll 4
    for (int i = lane; i < n; i += 32) {
      sum = fmaf(x[i], y[i], sum);
    }
    return sumOfWarp(sum);
  }

  __device__ void load(int, int, const float*, const float*) {}

  __device__ float heldProduct(int n, int lane, const float* p, const float* q) const {
    return product(n, lane, p, q);
  }

  // p <- c p - s q, q <- s p + c q.
  __device__ void rotate(int n, int lane, float c, float s, float* p, float* q) const {
#pragma unroll 4
    for (int i = lane; i < n; i += 32) {
      const float old = p[i];
      p[i] = c * old - s * q[i];
      q[i] = s * old + c * q[i];
    }
  }
};

// Fast: n up to 256 and divisible by 4; each lane reads 4 or twice 4 values of a column at once and keeps them until they are rotated.
template <int parts>
struct ColumnsInRegisters {
  float4 p[parts];
  float4 q[parts];

  __device__ void load(int n, int lane, const float* fromP, const float* fromQ) {
#pragma unroll
    for (int i = 0; i < parts; i++) {
      const int at = 4 * lane + 128 * i;
      p[i] = at < n ? *reinterpret_cast<const float4*>(fromP + at) : make_float4(0.0f, 0.0f, 0.0f, 0.0f);
      q[i] = at < n ? *reinterpret_cast<const float4*>(fromQ + at) : make_float4(0.0f, 0.0f, 0.0f, 0.0f);
    }
  }

  __device__ float heldProduct(int, int, const float*, const float*) const {
    float sum = 0.0f;
#pragma unroll
    for (int i = 0; i < parts; i++) {
      sum = fmaf(p[i].x, q[i].x, fmaf(p[i].y, q[i].y, fmaf(p[i].z, q[i].z, fmaf(p[i].w, q[i].w, sum))));
    }
    return sumOfWarp(sum);
  }

  __device__ void rotate(int n, int lane, float c, float s, float* toP, float* toQ) const {
#pragma unroll
    for (int i = 0; i < parts; i++) {
      const int at = 4 * lane + 128 * i;
      if (at < n) {
        *reinterpret_cast<float4*>(toP + at) =
            make_float4(c * p[i].x - s * q[i].x, c * p[i].y - s * q[i].y, c * p[i].z - s * q[i].z, c * p[i].w - s * q[i].w);
        *reinterpret_cast<float4*>(toQ + at) =
            make_float4(s * p[i].x + c * q[i].x, s * p[i].y + c * q[i].y, s * p[i].z + c * q[i].z, s * p[i].w + c * q[i].w);
      }
    }
  }
};

// One warp makes the columns p and q of X orthogonal and turns those of V with them. square: their squared lengths, before and after.
// Returns whether their cosine was above END. Says all with products; what is left are two divisions and two roots.
template <typename Columns>
__device__ __forceinline__ bool rotatePair(int n, int lane, float* xp, float* xq, float* vp, float* vq, float squareP, float squareQ,
    float* nextP, float* nextQ) {
  Columns columns;
  columns.load(n, lane, xp, xq);
  const float inner = columns.heldProduct(n, lane, xp, xq);
  const float innerSquared = inner * inner;
  const float lengths = squareP * squareQ;
  float tangent = 0.0f;
  if (innerSquared > ORTHOGONAL * ORTHOGONAL * lengths) { // the same in all lanes; false for NaN
    const float difference = squareQ - squareP;
    tangent = 2.0f * inner / (fabsf(difference) + sqrtf(difference * difference + 4.0f * innerSquared));
    tangent = difference < 0.0f ? -tangent : tangent;
    const float c = 1.0f / sqrtf(1.0f + tangent * tangent);
    columns.rotate(n, lane, c, c * tangent, xp, xq);
    columns.load(n, lane, vp, vq);
    columns.rotate(n, lane, c, c * tangent, vp, vq);
  }
  if (lane == 0) {
    *nextP = squareP - tangent * inner;
    *nextQ = squareQ + tangent * inner;
  }
  return innerSquared > END * END * lengths;
}

// Sweeps until the columns are orthogonal. In a round every column meets one other, as teams do in a tournament: the last stands, the
// others move around a circle. Squared lengths change places between two arrays from round to round, so that no lane reads what another
// writes.
template <typename Columns>
__device__ __forceinline__ void jacobiSweeps(int n, float* xt, float* vt) {
  __shared__ float squares[2][MOST_DIMENSIONS];
  __shared__ bool unfinished[JACOBI_THREADS / 32];
  const int lane = threadIdx.x % 32;
  const int warp = threadIdx.x / 32;
  const int warps = blockDim.x / 32;
  const int circle = n + n % 2 - 1;
  float* x = xt + static_cast<long long>(blockIdx.x) * n * n;
  float* v = vt + static_cast<long long>(blockIdx.x) * n * n;
  bool done = false; // the same in all threads
  for (int sweep = 0; sweep < MOST_SWEEPS && !done; sweep++) {
    for (int column = warp; column < n; column += warps) {
      const float square = ColumnsInMemory::product(n, lane, x + column * n, x + column * n);
      if (lane == 0) {
        squares[0][column] = square;
      }
    }
    __syncthreads();
    bool again = false;
    for (int round = 0; round < circle; round++) {
      const float* now = squares[round % 2];
      float* next = squares[(round + 1) % 2];
      for (int pair = warp; pair < (circle + 1) / 2; pair += warps) {
        const int ahead = round + pair < circle ? round + pair : round + pair - circle;
        const int p = pair == 0 ? circle : ahead;
        const int q = round < pair ? round + circle - pair : round - pair;
        if (p < n) {
          again |= rotatePair<Columns>(n, lane, x + p * n, x + q * n, v + p * n, v + q * n, now[p], now[q], next + p, next + q);
        } else if (lane == 0) {
          next[q] = now[q]; // n is odd: this column meets none
        }
      }
      __syncthreads();
    }
    if (lane == 0) {
      unfinished[warp] = again;
    }
    __syncthreads();
    done = true;
    for (int i = 0; i < warps; i++) {
      done = done && !unfinished[i];
    }
    __syncthreads();
  }
}

extern "C" __global__ void __launch_bounds__(JACOBI_THREADS) polarSweepsPlain(int n, float* xt, float* vt) {
  jacobiSweeps<ColumnsInMemory>(n, xt, vt);
}

extern "C" __global__ void __launch_bounds__(JACOBI_THREADS) polarSweeps128(int n, float* xt, float* vt) {
  jacobiSweeps<ColumnsInRegisters<1>>(n, xt, vt);
}

extern "C" __global__ void __launch_bounds__(JACOBI_THREADS) polarSweeps256(int n, float* xt, float* vt) {
  jacobiSweeps<ColumnsInRegisters<2>>(n, xt, vt);
}

constexpr int PANEL = 8;
constexpr int PANEL_THREADS = 32 * PANEL; // a warp for each pair of columns of a round

// Round `round` of a sweep; block (pair of panels, start). In the first round of a sweep all columns of the two panels meet, in the others
// only those of different panels: in the sweep each column meets each other once. Column c of the two panels, 0 to 15, is absent where
// the last panel is short or, of an odd number of panels, one meets none. unfinished[start, sweep] != 0 where a cosine was above END; without
// one in the sweep before there is nothing to do.
extern "C" __global__ void __launch_bounds__(PANEL_THREADS)
polarPanels(int n, int mostSweeps, int sweep, int round, float* xt, float* vt, int* unfinished) {
  __shared__ float squares[2][2 * PANEL];
  int* flags = unfinished + static_cast<long long>(blockIdx.y) * mostSweeps;
  if (sweep > 0 && flags[sweep - 1] == 0) {
    return;
  }
  const int lane = threadIdx.x % 32;
  const int warp = threadIdx.x / 32;
  const int circle = 2 * gridDim.x - 1;
  const int pair = blockIdx.x;
  const int ahead = round + pair < circle ? round + pair : round + pair - circle;
  const int first = PANEL * (pair == 0 ? circle : ahead);
  const int second = PANEL * (round < pair ? round + circle - pair : round - pair);
  float* x = xt + static_cast<long long>(blockIdx.y) * n * n;
  float* v = vt + static_cast<long long>(blockIdx.y) * n * n;
  for (int c = warp; c < 2 * PANEL; c += PANEL) {
    const int column = c < PANEL ? first + c : second + c - PANEL;
    if (column < n) {
      const float* values = x + static_cast<long long>(column) * n;
      const float square = ColumnsInMemory::product(n, lane, values, values);
      if (lane == 0) {
        squares[0][c] = square;
      }
    }
  }
  __syncthreads();
  bool again = false;
  const int meetings = round == 0 ? 2 * PANEL - 1 : PANEL;
  for (int meeting = 0; meeting < meetings; meeting++) {
    const float* now = squares[meeting % 2];
    float* next = squares[(meeting + 1) % 2];
    int p = warp;
    int q = PANEL + (warp + meeting) % PANEL;
    if (round == 0) { // the last stands, the others move around a circle
      p = warp == 0 ? 2 * PANEL - 1 : (meeting + warp) % (2 * PANEL - 1);
      q = (meeting + 2 * PANEL - 1 - warp) % (2 * PANEL - 1);
    }
    const int columnP = p < PANEL ? first + p : second + p - PANEL;
    const int columnQ = q < PANEL ? first + q : second + q - PANEL;
    if (columnP < n && columnQ < n) {
      const long long atP = static_cast<long long>(columnP) * n;
      const long long atQ = static_cast<long long>(columnQ) * n;
      again |= rotatePair<ColumnsInMemory>(n, lane, x + atP, x + atQ, v + atP, v + atQ, now[p], now[q], next + p, next + q);
    } else if (lane == 0 && columnP < n) {
      next[p] = now[p];
    } else if (lane == 0 && columnQ < n) {
      next[q] = now[q];
    }
    __syncthreads();
  }
  if (lane == 0 && again) {
    atomicOr(flags + sweep, 1);
  }
}
