// Kernels without faults, which use everything that the checks look at: the checks must say nothing.

// y[block] = sum of the block's x, through shuffles and shared memory.
extern "C" __global__ void soundSum(const float* __restrict__ x, float* __restrict__ y, int n) {
  __shared__ float ofWarp[8];
  float sum = 0.f;
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
    sum += x[i];
  }
  for (int distance = 16; distance > 0; distance /= 2) {
    sum += __shfl_down_sync(0xffffffffu, sum, distance);
  }
  if (threadIdx.x % 32 == 0) {
    ofWarp[threadIdx.x / 32] = sum;
  }
  __syncthreads();
  if (threadIdx.x == 0) {
    for (int warp = 1; warp < 8; warp++) {
      sum += ofWarp[warp];
    }
    y[blockIdx.x] = sum;
  }
}

// y = x reversed within the block, 4 values at a time; shared memory is used twice.
extern "C" __global__ void soundReversal(const float* __restrict__ x, float* __restrict__ y, int n) {
  __shared__ float4 held[64];
  for (int first = 0; first < n; first += 256) {
    held[threadIdx.x] = reinterpret_cast<const float4*>(x + first)[threadIdx.x];
    __syncthreads();
    float4 v = held[63 - threadIdx.x];
    __syncthreads();
    reinterpret_cast<float4*>(y + first)[threadIdx.x] = make_float4(v.w, v.z, v.y, v.x);
  }
}

// Whoever writes the flag writes the same; the count, which the program sets to zero, is atomic.
extern "C" __global__ void soundFlag(const float* __restrict__ x, float* __restrict__ y, int n) {
  if (threadIdx.x < n && x[threadIdx.x] > 0.f) {
    y[0] = 1.f;
    atomicAdd(reinterpret_cast<int*>(y) + 1, 1);
  }
}
