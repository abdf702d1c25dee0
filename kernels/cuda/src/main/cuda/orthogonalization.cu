// U <- U (U^T U)^(-1/2) for every start (Subspaces.orthogonalize): the polar factor of a small matrix, n x n, by its
// eigenvectors. (newtonSchulz.cu finds it by products alone.)
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
// do where 7 are needed from I.
//
// Cost at n 128 (counted, not measured): a sweep is n (n - 1) / 2 = 8128 rotations of 4 n values, 127 rounds of 64
// independent ones with a barrier after each. One block per start, since rounds on several blocks would need a launch for each. A round
// is about 130 instructions for each pair, 2000 clocks of the 4 schedulers of a multiprocessor, and what it writes passes its L1 at 64
// bytes per clock, 2000 clocks too: 1.2 us, a sweep 0.15 ms, less where many pairs are orthogonal already. The 7 products in float64, 4
// MFLOP each and start, are 192 blocks that mostly wait for memory: 3 to 4 us each. Together 0.2 to 0.5 ms for a warm step; more starts
// run beside each other. At n 16: 15 rounds, about 10 us a sweep, and the launches.

#include "smallProducts.cuh"

constexpr unsigned ALL_LANES = 0xffffffffu;

// V <- I for every start.
extern "C" __global__ void polarIdentity(int n, double* v) {
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n * n; i += gridDim.x * blockDim.x) {
    v[ofStart(n) + i] = i / n == i % n ? 1.0 : 0.0;
  }
}

// Columns for the rotations, rounded to float32 and stored one after the other: xt <- (U V)^T, vt <- V^T.
extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS)
polarColumns(int n, const float* __restrict__ u, const double* __restrict__ v, float* __restrict__ xt, float* __restrict__ vt) {
  const double value = product<true, true>(n, v + ofStart(n), u + ofStart(n));
  if (tileRow() < n && tileColumn() < n) {
    const long long at = ofStart(n) + tileRow() * n + tileColumn();
    xt[at] = static_cast<float>(value);
    vt[at] = static_cast<float>(v[ofStart(n) + tileColumn() * n + tileRow()]);
  }
}

constexpr int JACOBI_THREADS = 1024;
constexpr int MOST_DIMENSIONS = 1024;
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
#pragma unroll 2
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
#pragma unroll 2
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
__device__ __forceinline__ void jacobiSweeps(int n, float* xt, float* vt, float* largest) {
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
  if (threadIdx.x == 0) {
    float most = 0.0f;
    for (int column = 0; column < n; column++) {
      most = fmaxf(most, squares[circle % 2][column]);
    }
    largest[blockIdx.x] = most;
  }
}

extern "C" __global__ void __launch_bounds__(JACOBI_THREADS) polarSweepsPlain(int n, float* xt, float* vt, float* largest) {
  jacobiSweeps<ColumnsInMemory>(n, xt, vt, largest);
}

extern "C" __global__ void __launch_bounds__(JACOBI_THREADS) polarSweeps128(int n, float* xt, float* vt, float* largest) {
  jacobiSweeps<ColumnsInRegisters<1>>(n, xt, vt, largest);
}

extern "C" __global__ void __launch_bounds__(JACOBI_THREADS) polarSweeps256(int n, float* xt, float* vt, float* largest) {
  jacobiSweeps<ColumnsInRegisters<2>>(n, xt, vt, largest);
}

// correction <- (3 I - V^T V) / 2.
extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS)
polarCorrection(int n, const float* __restrict__ vt, double* __restrict__ correction) {
  const double value = product<false, true>(n, vt + ofStart(n), vt + ofStart(n));
  if (tileRow() < n && tileColumn() < n) {
    correction[ofStart(n) + tileRow() * n + tileColumn()] = (tileRow() == tileColumn() ? 1.5 : 0.0) - 0.5 * value;
  }
}

// v <- V correction.
extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS)
polarBasis(int n, const float* __restrict__ vt, const double* __restrict__ correction, double* __restrict__ v) {
  const double value = product<true, false>(n, vt + ofStart(n), correction + ofStart(n));
  if (tileRow() < n && tileColumn() < n) {
    v[ofStart(n) + tileRow() * n + tileColumn()] = value;
  }
}

// x <- U V.
extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS)
polarRotated(int n, const float* __restrict__ u, const double* __restrict__ v, double* __restrict__ x) {
  const double value = product<false, false>(n, u + ofStart(n), v + ofStart(n));
  if (tileRow() < n && tileColumn() < n) {
    x[ofStart(n) + tileRow() * n + tileColumn()] = value;
  }
}

// root <- (X^T X)^(-1/2), X^T X being almost diagonal. Eigenvalues are taken to be at least 1e-14 of the largest, so that a singular U
// does not become infinite.
extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS)
polarInverseRoot(int n, const double* __restrict__ x, const float* __restrict__ largest, double* __restrict__ root) {
  double squareI = 0.0;
  double squareJ = 0.0;
  const double value = product<true, false, true>(n, x + ofStart(n), x + ofStart(n), &squareI, &squareJ);
  const double smallest = 1e-14 * largest[blockIdx.z];
  const double i = sqrt(squareI < smallest ? smallest : squareI);
  const double j = sqrt(squareJ < smallest ? smallest : squareJ);
  if (tileRow() < n && tileColumn() < n) {
    root[ofStart(n) + tileRow() * n + tileColumn()] = tileRow() == tileColumn() ? 1.0 / i : -value / (i * j * (i + j));
  }
}

// y <- X root.
extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS)
polarScaled(int n, const double* __restrict__ x, const double* __restrict__ root, double* __restrict__ y) {
  const double value = product<false, false>(n, x + ofStart(n), root + ofStart(n));
  if (tileRow() < n && tileColumn() < n) {
    y[ofStart(n) + tileRow() * n + tileColumn()] = value;
  }
}

// U <- Y V^T.
extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS)
polarFactor(int n, const double* __restrict__ y, const double* __restrict__ v, float* __restrict__ u) {
  const double value = product<false, true>(n, y + ofStart(n), v + ofStart(n));
  if (tileRow() < n && tileColumn() < n) {
    u[ofStart(n) + tileRow() * n + tileColumn()] = static_cast<float>(value);
  }
}
