// Rows of `width` values picked by their number, in every input of a batch the same ones.
//   gather           y[n,i,:] = x[n,index[i],:], or `fill` where index[i] is below 0           8 bytes per value and 4 per row of y
//   gatherBackward   dx[n,j,:] = sum of dy[n,places[k],:] for k from starts[j] to starts[j+1] - 1, in this order
// Versions: float4 where width is divisible by 4, else float. threadIdx.x runs along a row, threadIdx.y over rows.
// A kernel cannot throw, so a row number outside x gives a row of NaN instead of a read of other memory.

__device__ __forceinline__ void addTo(float& sum, float x) { sum += x; }

__device__ __forceinline__ void addTo(float4& sum, float4 x) {
  sum.x += x.x;
  sum.y += x.y;
  sum.z += x.z;
  sum.w += x.w;
}

template <class V>
__device__ __forceinline__ void pick(int width, int sources, int outputs, const V* x, const int* index, V fill, V outside, V* y, int rows) {
  for (int r = blockIdx.x * blockDim.y + threadIdx.y; r < rows; r += gridDim.x * blockDim.y) {
    const int n = r / outputs;
    const int from = index[r - n * outputs];
    const V* row = x + ((long long)n * sources + from) * width;
    for (int c = threadIdx.x; c < width; c += blockDim.x) {
      y[(long long)r * width + c] = from < 0 ? fill : from < sources ? row[c] : outside;
    }
  }
}

extern "C" __global__ void gather(int width, int sources, int outputs, const float* __restrict__ x, const int* __restrict__ index, float fill,
                                  float* __restrict__ y, int rows) {
  const float nan = __int_as_float(0x7fc00000);
  if (width % 4 == 0) {
    pick(width / 4, sources, outputs, reinterpret_cast<const float4*>(x), index, make_float4(fill, fill, fill, fill),
         make_float4(nan, nan, nan, nan), reinterpret_cast<float4*>(y), rows);
  } else {
    pick(width, sources, outputs, x, index, fill, nan, y, rows);
  }
}

template <class V>
__device__ __forceinline__ void sumUp(int width, int sources, int outputs, const V* dy, const int* starts, const int* places, V* dx, int rows) {
  for (int r = blockIdx.x * blockDim.y + threadIdx.y; r < rows; r += gridDim.x * blockDim.y) {
    const int n = r / sources;
    const int j = r - n * sources;
    const int end = starts[j + 1];
    for (int c = threadIdx.x; c < width; c += blockDim.x) {
      V sum = V();
      for (int k = starts[j]; k < end; k++) {
        addTo(sum, dy[((long long)n * outputs + places[k]) * width + c]);
      }
      dx[(long long)r * width + c] = sum;
    }
  }
}

extern "C" __global__ void gatherBackward(int width, int sources, int outputs, const float* __restrict__ dy, const int* __restrict__ starts,
                                          const int* __restrict__ places, float* __restrict__ dx, int rows) {
  if (width % 4 == 0) {
    sumUp(width / 4, sources, outputs, reinterpret_cast<const float4*>(dy), starts, places, reinterpret_cast<float4*>(dx), rows);
  } else {
    sumUp(width, sources, outputs, dy, starts, places, dx, rows);
  }
}
