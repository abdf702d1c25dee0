// One fault each: threads that do not wait for each other as they must. x and y hold n values, n = 64; blocks of 64 threads.

extern "C" __global__ void returnsBeforeBarrier(const float* x, float* y, int n) {
  __shared__ float values[64];
  values[threadIdx.x] = x[threadIdx.x];
  if (threadIdx.x == 40) return;
  __syncthreads();
  y[threadIdx.x] = values[63 - threadIdx.x];
}

extern "C" __global__ void waitsAtDifferentBarriers(const float* x, float* y, int n) {
  if (threadIdx.x < 32) {
    __syncthreads();
  } else {
    y[threadIdx.x] = x[threadIdx.x];
    __syncthreads();
  }
}

extern "C" __global__ void exchangesWithoutHalf(const float* x, float* y, int n) {
  float value = x[threadIdx.x];
  if (threadIdx.x % 32 >= 16) return;
  y[threadIdx.x] = __shfl_xor_sync(0xffffffffu, value, 1);
}

extern "C" __global__ void racesInShared(const float* x, float* y, int n) {
  __shared__ float values[64];
  values[threadIdx.x] = 0.f;
  __syncthreads();
  values[threadIdx.x] = x[threadIdx.x];
  y[threadIdx.x] = values[63 - threadIdx.x];
}

extern "C" __global__ void reusesSharedTooEarly(const float* x, float* y, int n) {
  __shared__ float values[64];
  values[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  y[threadIdx.x] = values[63 - threadIdx.x];
  values[threadIdx.x] = 2.f * x[threadIdx.x];
}

// A tree of sums where the barrier within the loop is missing.
extern "C" __global__ void sumsWithoutBarrier(const float* x, float* y, int n) {
  __shared__ float values[64];
  values[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  for (int half = 32; half > 0; half /= 2) {
    if (threadIdx.x < half) values[threadIdx.x] += values[threadIdx.x + half];
  }
  y[threadIdx.x] = values[0];
}

// The program fills y with zeros.
extern "C" __global__ void racesInGlobal(const float* x, float* y, int n) {
  y[threadIdx.x] = x[threadIdx.x];
  if (threadIdx.x > 0) y[threadIdx.x] += y[threadIdx.x - 1];
}

// Two blocks, which write different values to the same place.
extern "C" __global__ void blocksWriteTheSame(const float* x, float* y, int n) {
  y[threadIdx.x] = x[threadIdx.x] + blockIdx.x;
}

// Two blocks; a barrier does not order what different blocks do.
extern "C" __global__ void blocksReadEachOther(const float* x, float* y, int n) {
  if (blockIdx.x == 0) y[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  if (blockIdx.x == 1) y[threadIdx.x] = 3.f + threadIdx.x;
}
