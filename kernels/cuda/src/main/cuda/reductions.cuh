// Sums in float64 whose order is fixed by the number of lanes or threads alone: the same bytes on every device and in every run.
#pragma once

// The sum over groups of `lanes` neighbouring lanes (a power of two, at most 32); every lane of a group gets it. All 32 lanes must call it.
__device__ __forceinline__ double sumOverLanes(double value, int lanes) {
  for (int distance = lanes / 2; distance > 0; distance /= 2) {
    value += __shfl_xor_sync(0xffffffffu, value, distance);
  }
  return value;
}

// Calls visit(row, active) for the rows that this thread takes with its group of `lanes` lanes (a power of two, at most 32). All lanes
// of a warp go round equally often, since all must take part in sums over lanes; where there is no row left, active is false.
template <class Visit>
__device__ __forceinline__ void forEachRowOfLanes(int lanes, long long rows, Visit visit) {
  const int rowsOfBlock = blockDim.x / lanes;
  const int rowOfWarp = (threadIdx.x & ~31) / lanes;
  for (long long first = (long long)blockIdx.x * rowsOfBlock; first + rowOfWarp < rows; first += (long long)gridDim.x * rowsOfBlock) {
    const long long row = first + threadIdx.x / lanes;
    visit(row, row < rows);
  }
}

// The sum over a block of 256 threads; every thread gets it. All threads must call it.
__device__ __forceinline__ double sumOverBlock(double value) {
  __shared__ double ofWarp[8];
  const double warpSum = sumOverLanes(value, 32);
  __syncthreads();  // an earlier call's sums have been read
  if (threadIdx.x % 32 == 0) {
    ofWarp[threadIdx.x / 32] = warpSum;
  }
  __syncthreads();
  double sum = 0;
  for (int warp = 0; warp < 8; warp++) {
    sum += ofWarp[warp];
  }
  return sum;
}
