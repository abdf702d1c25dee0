// Recurrent layers in one direction; see unweave.kernels.Recurrence for the formulas, RecurrentShape.Cell for the order of the cells.
//   recurrentForward     hidden states of all steps, and what the ways back need
//   recurrentBackward    gradients through time
//   recurrentRelevance   relevance through time (LRP-all)
// Cost: 2 FLOPs per weight of the hidden state and step. A step needs the one before it, so that the weights, which the second-level cache
// keeps, are read once per series and step.
// Version: one block per series, which goes through the steps. Forward, a warp takes a row of the weights at a time (lanes along the row,
// sums in float64 over lanes); on the ways back a thread takes a column. What threads of the block pass on to each other lies in global
// memory, with a barrier between.
#include "reductions.cuh"

enum Cell { LSTM, GRU, GRU_RESET_BEFORE, TANH, RELU };

__device__ __forceinline__ float logistic(float x) { return 1.f / (1.f + expf(-x)); }

__device__ __forceinline__ int gatesOf(int cell) { return cell == LSTM ? 4 : cell <= GRU_RESET_BEFORE ? 3 : 1; }

__device__ __forceinline__ int savedOf(int cell) { return cell == LSTM ? 6 : cell <= GRU_RESET_BEFORE ? 5 : 1; }

// The number of the s-th step.
__device__ __forceinline__ int stepOf(int s, int steps, int backwards) { return backwards ? steps - 1 - s : s; }

// out[row] = bias[row] + sum over j: weight[row, j] x[j], for rows from to to - 1; x is null for zeros. All threads of the block must call it.
__device__ void products(int from, int to, int units, const float* weight, const float* bias, const float* x, float* out) {
  const int lane = threadIdx.x & 31;
  for (int row = from + threadIdx.x / 32; row < to; row += blockDim.x / 32) {
    double sum = 0;
    for (int j = lane; x != nullptr && j < units; j += 32) {
      sum += weight[(long long)row * units + j] * x[j];
    }
    sum = sumOverLanes(sum, 32);
    if (lane == 0) {
      out[row] = (float)(bias[row] + sum);
    }
  }
  __syncthreads();
}

extern "C" __global__ void recurrentForward(int cell, int steps, int units, int backwards, const float* projected, const float* weight,
                                            const float* bias, float* h, float* saved) {
  const int gates = gatesOf(cell) * units;
  const int kept = savedOf(cell) * units;
  const long long first = (long long)blockIdx.x * steps;
  for (int s = 0; s < steps; s++) {
    const long long row = first + stepOf(s, steps, backwards);
    const float* before = s == 0 ? nullptr : h + (first + stepOf(s - 1, steps, backwards)) * units;
    const float* cellBefore = s == 0 ? nullptr : saved + (first + stepOf(s - 1, steps, backwards)) * kept + 4 * units;
    const float* p = projected + row * gates;
    float* keep = saved + row * kept;
    float* y = h + row * units;
    products(0, cell == GRU_RESET_BEFORE ? 2 * units : gates, units, weight, bias, before, keep);
    for (int k = threadIdx.x; k < units; k += blockDim.x) {
      if (cell == LSTM) {
        const float i = logistic(p[k] + keep[k]);
        const float f = logistic(p[units + k] + keep[units + k]);
        const float a = p[2 * units + k] + keep[2 * units + k];
        const float o = logistic(p[3 * units + k] + keep[3 * units + k]);
        const float g = tanhf(a);
        const float c = f * (s == 0 ? 0.f : cellBefore[k]) + i * g;
        keep[k] = i;
        keep[units + k] = f;
        keep[2 * units + k] = g;
        keep[3 * units + k] = o;
        keep[4 * units + k] = c;
        keep[5 * units + k] = a;
        y[k] = o * tanhf(c);
      } else if (cell <= GRU_RESET_BEFORE) {
        const float r = logistic(p[k] + keep[k]);
        keep[k] = r;
        keep[units + k] = logistic(p[units + k] + keep[units + k]);
        keep[3 * units + k] = cell == GRU ? keep[2 * units + k] : s == 0 ? 0.f : r * before[k];
      } else {
        const float a = p[k] + keep[k];
        keep[k] = a;
        y[k] = cell == TANH ? tanhf(a) : a > 0 ? a : 0.f;
      }
    }
    __syncthreads();
    if (cell == GRU_RESET_BEFORE) {
      products(2 * units, 3 * units, units, weight, bias, keep + 3 * units, keep);
    }
    if (cell == GRU || cell == GRU_RESET_BEFORE) {
      for (int k = threadIdx.x; k < units; k += blockDim.x) {
        const float hidden = cell == GRU ? keep[k] * keep[3 * units + k] : keep[2 * units + k];
        const float a = p[2 * units + k] + hidden;
        const float z = keep[units + k];
        const float n = tanhf(a);
        keep[2 * units + k] = n;
        keep[4 * units + k] = a;
        y[k] = (1.f - z) * n + z * (s == 0 ? 0.f : before[k]);
      }
      __syncthreads();
    }
  }
}

// The sum over k, from to to - 1, of factors[k] weight[k, j].
__device__ __forceinline__ float column(int from, int to, int units, const float* weight, const float* factors, int j) {
  float sum = 0;
  for (int k = from; k < to; k++) {
    sum += factors[k] * weight[(long long)k * units + j];
  }
  return sum;
}

extern "C" __global__ void recurrentBackward(int cell, int steps, int units, int backwards, const float* weight, const float* h,
                                             const float* saved, const float* dh, float* dProjected, float* dHidden, float* scratch) {
  const int gates = gatesOf(cell) * units;
  const int kept = savedOf(cell) * units;
  const long long first = (long long)blockIdx.x * steps;
  float* ofH = scratch + (long long)blockIdx.x * 2 * units;
  float* ofC = ofH + units;
  for (int k = threadIdx.x; k < 2 * units; k += blockDim.x) {
    ofH[k] = 0.f;
  }
  __syncthreads();
  for (int s = steps - 1; s >= 0; s--) {
    const long long row = first + stepOf(s, steps, backwards);
    const float* before = s == 0 ? nullptr : h + (first + stepOf(s - 1, steps, backwards)) * units;
    const float* cellBefore = s == 0 ? nullptr : saved + (first + stepOf(s - 1, steps, backwards)) * kept + 4 * units;
    const float* keep = saved + row * kept;
    float* dp = dProjected + row * gates;
    float* dq = dHidden + row * gates;
    for (int k = threadIdx.x; k < units; k += blockDim.x) {
      const float arrived = dh[row * units + k] + ofH[k];
      ofH[k] = 0.f;
      if (cell == LSTM) {
        const float i = keep[k];
        const float f = keep[units + k];
        const float g = keep[2 * units + k];
        const float o = keep[3 * units + k];
        const float tanhOfC = tanhf(keep[4 * units + k]);
        const float dc = ofC[k] + arrived * o * (1.f - tanhOfC * tanhOfC);
        dp[k] = dc * g * i * (1.f - i);
        dp[units + k] = dc * (s == 0 ? 0.f : cellBefore[k]) * f * (1.f - f);
        dp[2 * units + k] = dc * i * (1.f - g * g);
        dp[3 * units + k] = arrived * tanhOfC * o * (1.f - o);
        ofC[k] = dc * f;
        for (int gate = 0; gate < 4; gate++) {
          dq[gate * units + k] = dp[gate * units + k];
        }
      } else if (cell <= GRU_RESET_BEFORE) {
        const float r = keep[k];
        const float z = keep[units + k];
        const float n = keep[2 * units + k];
        const float dn = arrived * (1.f - z) * (1.f - n * n);
        dp[k] = dn * keep[3 * units + k] * r * (1.f - r);
        dp[units + k] = arrived * ((s == 0 ? 0.f : before[k]) - n) * z * (1.f - z);
        dp[2 * units + k] = dn;
        dq[k] = dp[k];
        dq[units + k] = dp[units + k];
        dq[2 * units + k] = cell == GRU ? dn * r : dn;
        ofH[k] = arrived * z;
      } else {
        const float y = h[row * units + k];
        dp[k] = cell == TANH ? arrived * (1.f - y * y) : y > 0 ? arrived : 0.f;
        dq[k] = dp[k];
      }
    }
    __syncthreads();
    if (cell == GRU_RESET_BEFORE) {
      for (int j = threadIdx.x; j < units; j += blockDim.x) {
        const float product = column(2 * units, 3 * units, units, weight, dp, j);
        const float r = keep[j];
        dp[j] = product * (s == 0 ? 0.f : before[j]) * r * (1.f - r);
        dq[j] = dp[j];
        ofH[j] += product * r;
      }
      __syncthreads();
    }
    for (int j = threadIdx.x; j < units; j += blockDim.x) {
      ofH[j] += column(0, cell == GRU_RESET_BEFORE ? 2 * units : gates, units, weight, dq, j);
    }
    __syncthreads();
  }
}

__device__ __forceinline__ float quotientOf(float r, float z, float eps) {
  const float stabilized = z + (z >= 0 ? eps : -eps);
  return stabilized == 0 ? 0.f : r / stabilized;
}

extern "C" __global__ void recurrentRelevance(int cell, int steps, int units, int backwards, int batch, float eps, const float* weight,
                                              const float* h, const float* saved, const float* relevance, float* quotient, float* lost,
                                              float* scratch) {
  const int kept = savedOf(cell) * units;
  const int signalRows = cell <= GRU_RESET_BEFORE ? 2 * units : 0;
  const long long first = (long long)(blockIdx.x % batch) * steps;
  float* past = scratch + (long long)blockIdx.x * units;
  for (int k = threadIdx.x; k < units; k += blockDim.x) {
    past[k] = 0.f;
  }
  for (int s = steps - 1; s >= 0; s--) {
    const long long row = first + stepOf(s, steps, backwards);
    const long long map = ((long long)blockIdx.x * steps + stepOf(s, steps, backwards)) * units;
    const float* before = s == 0 ? nullptr : h + (first + stepOf(s - 1, steps, backwards)) * units;
    const float* cellBefore = s == 0 ? nullptr : saved + (first + stepOf(s - 1, steps, backwards)) * kept + 4 * units;
    const float* keep = saved + row * kept;
    for (int k = threadIdx.x; k < units; k += blockDim.x) {
      const float arrived = relevance[map + k] + past[k];
      float signal = arrived;
      float toBefore = 0.f;
      if (cell == LSTM) {
        const float v = quotientOf(arrived, keep[4 * units + k], eps);
        toBefore = s == 0 ? 0.f : keep[units + k] * cellBefore[k] * v;
        signal = keep[k] * keep[2 * units + k] * v;
      } else if (cell <= GRU_RESET_BEFORE) {
        const float z = keep[units + k];
        const float v = quotientOf(arrived, h[row * units + k], eps);
        toBefore = s == 0 ? 0.f : z * before[k] * v;
        signal = (1.f - z) * keep[2 * units + k] * v;
      }
      const float a = keep[(savedOf(cell) - 1) * units + k];
      const float q = quotientOf(signal, a, eps);
      quotient[map + k] = q;
      lost[map + k] = arrived - toBefore - signal + (signal - q * a);
      past[k] = toBefore;
    }
    __syncthreads();
    for (int j = threadIdx.x; s > 0 && j < units; j += blockDim.x) {
      float sum = 0;
      for (int k = 0; k < units; k++) {
        const float q = cell == GRU ? quotient[map + k] * keep[k] : quotient[map + k];
        sum += q * weight[(long long)(signalRows + k) * units + j];
      }
      past[j] += before[j] * (cell == GRU_RESET_BEFORE ? keep[j] : 1.f) * sum;
    }
    __syncthreads();
  }
}
