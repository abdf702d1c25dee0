// Batch normalisation of x [rows, channels], channels last. Sums over rows are float64 and in a fixed order, see columns.cuh.
// Cost per value: forward 8 FLOPs and 12 bytes (x is read twice, y written), backward 10 FLOPs and 20 bytes.
//
//   sumForStatistics    per chunk of rows and channel: sum of d and of d^2 with d = x - x[0, channel]
//   batchStatistics     adds the chunks: mean = x[0] + S1 / rows, variance = (S2 - S1^2 / rows) / rows, running statistics, scale
//   normalizeChannels   y = (x - mean) * scale + beta, scale = gamma / sqrt(variance + eps)                    (elements.cuh)
//   inferenceScale      scale from given statistics, for normalizeChannels
//   sumForGradients     per chunk: sum of dy * xhat and of dy, xhat = (x - mean) * inverseStd
//   batchGradients      adds the chunks: dgamma, dbeta, and what dx needs of them
//   batchNormInput      dx = scale * (dy - meanDy - (x - mean) * slope), slope = inverseStd * dgamma / rows    (elements.cuh)
//
// One pass over x gives both statistics. S2 - S1^2 / rows loses at most a factor rows of float64's precision, since x[0], being one of the
// values, is at most sqrt(rows) standard deviations from their mean: 1e-8 for 1e8 rows.
#include "columns.cuh"
#include "elements.cuh"

extern "C" __global__ void sumForStatistics(int rows, int channels, int tile, int chunkRows, const float* __restrict__ x, double* partial) {
  sumColumns(rows, channels, tile, chunkRows, partial, [=](int, int c, long long i) {
    const double d = (double)x[i] - x[c];
    return make_double2(d, d * d);
  });
}

// Block c finishes channel c.
extern "C" __global__ void batchStatistics(int rows, int chunks, const double* __restrict__ partial, const float* __restrict__ x,
                                           const float* __restrict__ gamma, float eps, float momentum, float* runningMean,
                                           float* runningVariance, float* savedMean, float* savedInverseStd, float* scale) {
  const int c = blockIdx.x;
  const double sum = sumChunks(partial, 2LL * c, chunks);
  const double squares = sumChunks(partial, 2LL * c + 1, chunks);
  if (threadIdx.x == 0) {
    const double mean = x[c] + sum / rows;
    const double squareSum = squares - sum * sum / rows;
    const double variance = squareSum <= 0 ? 0 : squareSum / rows;
    const double inverseStd = 1 / sqrt(variance + eps);
    runningMean[c] = (float)((1 - momentum) * runningMean[c] + momentum * mean);
    runningVariance[c] = (float)((1 - momentum) * runningVariance[c] + momentum * (variance * rows / (rows - 1)));
    savedMean[c] = (float)mean;
    savedInverseStd[c] = (float)inverseStd;
    scale[c] = (float)(gamma[c] * inverseStd);
  }
}

extern "C" __global__ void inferenceScale(int channels, const float* gamma, const float* variance, float eps, float* scale) {
  for (int c = blockIdx.x * blockDim.x + threadIdx.x; c < channels; c += gridDim.x * blockDim.x) {
    scale[c] = (float)(gamma[c] / sqrt((double)variance[c] + eps));
  }
}

extern "C" __global__ void normalizeChannels(const float* x, const float* mean, const float* scale, const float* beta, float* y,
                                             long long n, long long channels) {
  forEach(n, channels, [](float v, float m, float s, float b, float& out) { out = (v - m) * s + b; }, Read{x}, Repeat{mean}, Repeat{scale},
          Repeat{beta}, Write{y});
}

extern "C" __global__ void sumForGradients(int rows, int channels, int tile, int chunkRows, const float* __restrict__ x,
                                           const float* __restrict__ dy, const float* __restrict__ savedMean,
                                           const float* __restrict__ savedInverseStd, double* partial) {
  sumColumns(rows, channels, tile, chunkRows, partial, [=](int, int c, long long i) {
    return make_double2((double)dy[i] * ((x[i] - savedMean[c]) * savedInverseStd[c]), dy[i]);
  });
}

// Block c finishes channel c.
extern "C" __global__ void batchGradients(int rows, int chunks, const double* __restrict__ partial, const float* __restrict__ gamma,
                                          const float* __restrict__ savedInverseStd, float* dgamma, float* dbeta, float* scale,
                                          float* slope, float* meanDy) {
  const int c = blockIdx.x;
  const double gammaSum = sumChunks(partial, 2LL * c, chunks);
  const double betaSum = sumChunks(partial, 2LL * c + 1, chunks);
  if (threadIdx.x == 0) {
    dgamma[c] = (float)gammaSum;
    dbeta[c] = (float)betaSum;
    scale[c] = gamma[c] * savedInverseStd[c];
    slope[c] = (float)(savedInverseStd[c] * gammaSum / rows);
    meanDy[c] = (float)(betaSum / rows);
  }
}

extern "C" __global__ void batchNormInput(const float* x, const float* dy, const float* mean, const float* scale, const float* slope,
                                          const float* meanDy, float* dx, long long n, long long channels) {
  auto gradient = [](float v, float g, float m, float s, float k, float d, float& out) { out = s * (g - d - (v - m) * k); };
  forEach(n, channels, gradient, Read{x}, Read{dy}, Repeat{mean}, Repeat{scale}, Repeat{slope}, Repeat{meanDy}, Write{dx});
}
