// The last step of the two-step attribution (Subspaces.projectRelevance): out[k,n,j] <- a[n,j] out[k,n,j], where out holds U_k U_k^T
// c[n], made by two matrix products of cuBLAS: G = C U (2 N D^2 FLOP), then for all blocks as one batch G_k U_k^T (2 N D^2 FLOP
// together).
//
// Cost: K N D products, 8 K N D + 4 N D bytes. Bound by memory where the K maps do not fit in the L2.

constexpr int THREADS = 256;

// Plain: any size.
extern "C" __global__ void __launch_bounds__(THREADS)
multiplyByActivations(long long size, int maps, const float* __restrict__ a, float* __restrict__ out) {
  const long long stride = static_cast<long long>(gridDim.x) * THREADS;
  for (long long i = static_cast<long long>(blockIdx.x) * THREADS + threadIdx.x; i < size; i += stride) {
    const float value = a[i];
    for (int map = 0; map < maps; map++) {
      out[map * size + i] *= value;
    }
  }
}
