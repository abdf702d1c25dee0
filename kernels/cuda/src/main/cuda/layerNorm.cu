// Layer normalisation of every row of x [rows, channels]; sums are float64.
// Cost per value: forward 8 FLOPs and 8 bytes, backward 14 FLOPs and 20 bytes (x and dy are read twice).
//   layerNormForward     y = gamma * (x - mean) * inverseStd + beta, inverseStd = 1 / sqrt(variance + eps)
//   layerNormInput       dx = inverseStd * (g - mean_c g - xhat * mean_c(g * xhat)), xhat = (x - mean) * inverseStd, g = gamma * dy
//   layerNormParameters  per chunk of rows and channel: sum of dy * xhat and of dy (columns.cuh)
//   addChunks            adds the chunks: dgamma, dbeta
// The smallest power of two of lanes that covers a row, at most a warp, takes it, and reads it again from the cache for each of its sums.
#include "columns.cuh"

extern "C" __global__ void layerNormForward(int channels, int lanes, const float* __restrict__ x, const float* __restrict__ gamma,
                                            const float* __restrict__ beta, float eps, float* savedMean, float* savedInverseStd,
                                            float* __restrict__ y, int rows) {
  const int lane = threadIdx.x & (lanes - 1);
  forEachRowOfLanes(lanes, rows, [=](long long row, bool active) {
    const int width = active ? channels : 0;
    const float* values = x + row * channels;
    double sum = 0;
    for (int c = lane; c < width; c += lanes) {
      sum += values[c];
    }
    const double mean = sumOverLanes(sum, lanes) / channels;
    double squares = 0;
    for (int c = lane; c < width; c += lanes) {
      squares += (values[c] - mean) * (values[c] - mean);
    }
    const double inverseStd = 1 / sqrt(sumOverLanes(squares, lanes) / channels + eps);
    for (int c = lane; c < width; c += lanes) {
      y[row * channels + c] = (float)(gamma[c] * (values[c] - mean) * inverseStd + beta[c]);
    }
    if (active && lane == 0) {
      savedMean[row] = (float)mean;
      savedInverseStd[row] = (float)inverseStd;
    }
  });
}

extern "C" __global__ void layerNormInput(int channels, int lanes, const float* __restrict__ x, const float* __restrict__ gamma,
                                          const float* __restrict__ savedMean, const float* __restrict__ savedInverseStd,
                                          const float* __restrict__ dy, float* __restrict__ dx, int rows) {
  const int lane = threadIdx.x & (lanes - 1);
  forEachRowOfLanes(lanes, rows, [=](long long row, bool active) {
    const int width = active ? channels : 0;
    const float mean = active ? savedMean[row] : 0.f;
    const float inverseStd = active ? savedInverseStd[row] : 0.f;
    const long long at = row * channels;
    double sum = 0;
    double weighted = 0;
    for (int c = lane; c < width; c += lanes) {
      const double g = (double)gamma[c] * dy[at + c];
      sum += g;
      weighted += g * (x[at + c] - mean) * inverseStd;
    }
    const double meanG = sumOverLanes(sum, lanes) / channels;
    const double meanGx = sumOverLanes(weighted, lanes) / channels;
    for (int c = lane; c < width; c += lanes) {
      dx[at + c] = (float)(inverseStd * ((double)gamma[c] * dy[at + c] - meanG - (x[at + c] - mean) * inverseStd * meanGx));
    }
  });
}

extern "C" __global__ void layerNormParameters(int rows, int channels, int tile, int chunkRows, const float* __restrict__ x,
                                               const float* __restrict__ dy, const float* __restrict__ savedMean,
                                               const float* __restrict__ savedInverseStd, double* partial) {
  sumColumns(rows, channels, tile, chunkRows, partial, [=](int r, int, long long i) {
    return make_double2((double)dy[i] * ((x[i] - savedMean[r]) * savedInverseStd[r]), dy[i]);
  });
}

// Block c finishes channel c.
extern "C" __global__ void addChunks(int chunks, const double* __restrict__ partial, float* dgamma, float* dbeta) {
  const int c = blockIdx.x;
  const double gammaSum = sumChunks(partial, 2LL * c, chunks);
  const double betaSum = sumChunks(partial, 2LL * c + 1, chunks);
  if (threadIdx.x == 0) {
    dgamma[c] = (float)gammaSum;
    dbeta[c] = (float)betaSum;
  }
}
