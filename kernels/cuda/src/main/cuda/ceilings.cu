// What the device can do at most, for profiles: the roofline of Williams, Waterman and Patterson (2009).
//
// multiply_add_ceiling   s = s * 0.999 + summand for 16 sums in registers, steps times: 32 * steps FLOPs for each thread, next to no memory.
//                        16 independent sums hide the latency of an FMA (4 cycles) at any occupancy.
// copy_ceiling           y = x, 16 bytes at a time: 32 * n bytes moved, no arithmetic. Neighbouring threads touch neighbouring addresses.

extern "C" __global__ void __launch_bounds__(256) multiply_add_ceiling(int steps, float summand, float* __restrict__ out) {
  float s[16];
#pragma unroll
  for (int i = 0; i < 16; i++) {
    s[i] = summand * (float)(i + 1);
  }
  for (int step = 0; step < steps; step++) {
#pragma unroll
    for (int i = 0; i < 16; i++) {
      s[i] = fmaf(s[i], 0.999f, summand);
    }
  }
  float sum = 0.0f;
#pragma unroll
  for (int i = 0; i < 16; i++) {
    sum += s[i];
  }
  out[(long long)blockIdx.x * blockDim.x + threadIdx.x] = sum;
}

extern "C" __global__ void __launch_bounds__(256) copy_ceiling(const float4* __restrict__ x, float4* __restrict__ y, long long n) {
  long long stride = (long long)gridDim.x * blockDim.x;
  for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < n; i += stride) {
    y[i] = x[i];
  }
}
