// to[c,r] = from[r,c] for a matrix of rows x columns: weights between our order (taps x outChannels) and cuDNN's (outChannels x taps).
//
// Cost: 8 bytes per value, memory bound. A block of 32 x 8 threads turns a tile of 32 x 32 in shared memory, so that reads and writes
// both run along rows; the tile is one column wider, so that columns of it lie in different banks.

constexpr int TILE = 32;
constexpr int ROWS = 8;

extern "C" __global__ void __launch_bounds__(TILE * ROWS)
transpose(int rows, int columns, const float* __restrict__ from, float* __restrict__ to) {
  __shared__ float tile[TILE][TILE + 1];
  const int x = threadIdx.x;
  const int firstColumn = blockIdx.x * TILE;
  const int firstRow = blockIdx.y * TILE;
  for (int y = threadIdx.y; y < TILE; y += ROWS) {
    if (firstRow + y < rows && firstColumn + x < columns) {
      tile[y][x] = from[static_cast<long long>(firstRow + y) * columns + firstColumn + x];
    }
  }
  __syncthreads();
  for (int y = threadIdx.y; y < TILE; y += ROWS) {
    if (firstColumn + y < columns && firstRow + x < rows) {
      to[static_cast<long long>(firstColumn + y) * rows + firstRow + x] = tile[x][y];
    }
  }
}
