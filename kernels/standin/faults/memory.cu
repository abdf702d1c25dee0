// One fault each: kernels that touch what they must not. x and y hold n values.

extern "C" __global__ void writesBehindGlobal(const float* x, float* y, int n) {
  y[threadIdx.x + 1] = x[threadIdx.x];
}

extern "C" __global__ void readsBeforeGlobal(const float* x, float* y, int n) {
  y[threadIdx.x] = x[static_cast<int>(threadIdx.x) - 1];
}

extern "C" __global__ void readsHalfBehindGlobal(const float* x, float* y, int n) {
  float4 v = reinterpret_cast<const float4*>(x)[threadIdx.x];
  if (4 * threadIdx.x < n) y[threadIdx.x] = v.x + v.w;
}

extern "C" __global__ void writesBehindShared(const float* x, float* y, int n) {
  __shared__ float row[32];
  __shared__ float next[32];
  float* values = n > 0 ? row : next;
  values[threadIdx.x + 1] = x[threadIdx.x];
  __syncthreads();
  y[threadIdx.x] = row[threadIdx.x] + (n < 0 ? next[threadIdx.x] : 0.f);
}

extern "C" __global__ void indexBehindArray(const float* x, float* y, int n) {
  __shared__ float tile[4][8];
  tile[threadIdx.x / 8][threadIdx.x % 8] = x[threadIdx.x];
  __syncthreads();
  y[threadIdx.x] = tile[threadIdx.x / 8][threadIdx.x % 8 + 1];
}

// The next two kernels are sound; the program frees x before it launches, or passes memory of the host.
extern "C" __global__ void readsFreed(const float* x, float* y, int n) {
  y[threadIdx.x] = x[threadIdx.x];
}

extern "C" __global__ void readsHost(const float* x, float* y, int n) {
  y[threadIdx.x] = x[threadIdx.x];
}

extern "C" __global__ void readsNull(const float* x, float* y, int n) {
  const float* nothing = n > 0 ? nullptr : x;
  y[threadIdx.x] = nothing[threadIdx.x];
}

extern "C" __global__ void readsMisaligned(const float* x, float* y, int n) {
  if (threadIdx.x == 0) y[0] = reinterpret_cast<const float4*>(x + 1)->x;
}

// The program does not write x before.
extern "C" __global__ void readsUnwrittenGlobal(const float* x, float* y, int n) {
  y[threadIdx.x] = x[threadIdx.x];
}

extern "C" __global__ void readsUnwrittenShared(const float* x, float* y, int n) {
  __shared__ float values[32];
  if (threadIdx.x < 31) values[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  y[threadIdx.x] = values[threadIdx.x];
}

// The program reads all of y afterwards.
extern "C" __global__ void forgetsLastOutput(const float* x, float* y, int n) {
  if (threadIdx.x < n - 1) y[threadIdx.x] = x[threadIdx.x];
}
