package unweave.kernels.cpu;

import unweave.kernels.ConvShape;
import unweave.kernels.PoolShape;

/**
 * {@link unweave.kernels.Fused} on arrays. What comes before or behind a convolution is done tile by tile, while the tile is in the cache; where
 * windows of pooling overlap or leave gaps, a tile does not hold all of them, and the operations follow one after the other.
 */
final class FusedKernels {
  private final CpuMemory memory;
  private final ConvolutionKernels convolutions;
  private final PoolingKernels pooling;
  private final ElementwiseKernels elementwise;
  private final PropagationKernels propagation;
  private final boolean vectors;
  private final FirstLayerInputGradient firstLayer;

  FusedKernels(WorkerPool pool, CpuMemory memory, boolean vectors, ConvolutionKernels convolutions, PoolingKernels pooling,
      ElementwiseKernels elementwise, PropagationKernels propagation) {
    this.memory = memory;
    this.convolutions = convolutions;
    this.pooling = pooling;
    this.elementwise = elementwise;
    this.propagation = propagation;
    this.vectors = vectors;
    firstLayer = new FirstLayerInputGradient(pool);
  }

  void convReluMaxPool(ConvShape shape, float[] x, float[] w, float[] bias, PoolShape pool, float[] y, int[] winners) {
    requirePoolingOf(shape, pool);
    if (convolutions.firstLayer(shape, pool, x, w, bias, y, winners)) {
      return;
    }
    if (PoolingKernels.windowsTouchWithoutOverlap(pool)) {
      convolutions.forwardInTiles(shape, pool.kernelHeight(), x, w, bias, true,
          (values, start, firstRow, rows) -> pooling.maxPoolRows(pool, values, start, firstRow, rows, y, winners));
      return;
    }
    try (CpuFloats activation = memory.floats(shape.outputSize())) {
      convolutions.forward(shape, x, w, bias, true, activation.array);
      pooling.maxPoolForward(pool, activation.array, y, winners);
    }
  }

  private static void requirePoolingOf(ConvShape shape, PoolShape pool) {
    if (pool.batch() != shape.batch() || pool.inHeight() != shape.outHeight() || pool.inWidth() != shape.outWidth()
        || pool.channels() != shape.outChannels()) {
      throw new IllegalArgumentException("the pooling " + pool + " does not read the output of the convolution " + shape);
    }
  }

  void reluMaxPoolBackward(PoolShape shape, float[] y, float[] dy, int[] winners, float[] dx) {
    if (PoolingKernels.windowsTouchWithoutOverlap(shape)) {
      Elements.requireSize(dy.length, y);
      pooling.reluMaxPoolBackward(shape, y, dy, winners, dx);
      return;
    }
    try (CpuFloats positive = memory.floats(dy.length)) {
      elementwise.reluBackward(y, dy, positive.array);
      pooling.maxPoolBackward(shape, positive.array, winners, dx);
    }
  }

  void convReluMaxPoolBackwardWeights(ConvShape shape, float[] x, PoolShape pool, float[] y, float[] dy, int[] winners, float[] dw,
      float[] dbias) {
    requirePoolingOf(shape, pool);
    if (convolutions.firstLayerGradients(shape, pool, x, y, dy, winners, dw, dbias)) {
      return;
    }
    if (PoolingKernels.windowsTouchWithoutOverlap(pool)) {
      convolutions.backwardWeights(shape, pool.kernelHeight(), x, (firstRow, rows, dz) ->
          pooling.reluMaxPoolBackwardRows(pool, y, dy, winners, firstRow, rows, dz, firstRow * shape.outWidth() * shape.outChannels()),
          dw, dbias);
      return;
    }
    try (CpuFloats dz = memory.floats(shape.outputSize())) {
      reluMaxPoolBackward(pool, y, dy, winners, dz.array);
      convolutions.backwardWeights(shape, x, dz.array, dw, dbias);
    }
  }

  void convDivide(ConvShape shape, float[] x, float[] w, float[] bias, float eps, float[] r, float[] q) {
    requireRepeats(r.length, (int) shape.outputSize());
    Elements.requireSize(r.length, q);
    int rowValues = shape.outWidth() * shape.outChannels();
    convolutions.forwardInTiles(shape, 1, x, w, bias, false, (z, start, firstRow, rows) -> {
      int from = firstRow * rowValues;
      for (int map = 0; map < r.length; map += (int) shape.outputSize()) {
        propagation.stabilizedDivide(eps, r, z, q, map + from, map + from + rows * rowValues, -map - start);
      }
    });
  }

  void convMaxPoolDivide(ConvShape shape, float[] x, float[] w, float[] bias, float eps, PoolShape pool, float[] r, int[] winners, float[] q) {
    requirePoolingOf(shape, pool);
    requireRepeats(r.length, (int) pool.outputSize());
    requireRepeats(q.length, (int) shape.outputSize());
    int maps = r.length / (int) pool.outputSize();
    if (PoolingKernels.windowsTouchWithoutOverlap(pool)) {
      convolutions.forwardInTiles(shape, pool.kernelHeight(), x, w, bias, false, (z, start, firstRow, rows) -> {
        for (int map = 0; map < maps; map++) {
          pooling.maxPoolBackwardDivideRows(pool, map, r, winners, eps, z, start, firstRow, rows, q);
        }
      });
      return;
    }
    try (CpuFloats unpooled = memory.floats(q.length)) {
      pooling.maxPoolBackward(pool.withBatch(maps * pool.batch()), r, winners, unpooled.array);
      convDivide(shape, x, w, bias, eps, unpooled.array, q);
    }
  }

  private static void requireRepeats(int length, int of) {
    if (length % of != 0) {
      throw new IllegalArgumentException("relevance of " + length + " values for an output of " + of + ": it must be a multiple");
    }
  }

  void convBackwardInputProduct(ConvShape shape, float[] q, float[] w, float alpha, float[] x, boolean add, float[] out) {
    convolutions.backwardInputInTiles(shape, q, w, productWith(shape, alpha, x, add, out));
  }

  /** Receives a gradient g towards the input: out = alpha * x * g, or out += that. */
  private ConvolutionKernels.TileReader productWith(ConvShape shape, float alpha, float[] x, boolean add, float[] out) {
    int rowValues = shape.inWidth() * shape.inChannels();
    return (g, start, firstRow, rows) -> {
      int end = (firstRow + rows) * rowValues;
      for (int from = firstRow * rowValues; from < end; ) {
        int map = from / x.length * x.length;
        int to = Math.min(end, map + x.length);
        propagation.product(alpha, x, g, add, out, from, to, -map, -start);
        from = to;
      }
    };
  }

  void convMaxPoolBackwardInputProduct(ConvShape shape, PoolShape pool, float[] dy, int[] winners, float eps, float[] z, float[] w, float alpha,
      float[] x, boolean add, float[] out) {
    requirePoolingOf(shape, pool);
    if (vectors && FirstLayerInputGradient.suits(shape, pool)) {
      firstLayer.compute(shape, pool, dy, winners, eps, z, w, productWith(shape, alpha, x, add, out));
      return;
    }
    try (CpuFloats q = memory.floats(pool.inputSize())) {
      if (PoolingKernels.windowsTouchWithoutOverlap(pool)) {
        pooling.maxPoolBackwardDivide(pool, dy, winners, eps, z, q.array);
      } else {
        pooling.maxPoolBackward(pool, dy, winners, q.array);
        propagation.stabilizedDivide(eps, q.array, z, q.array);
      }
      convBackwardInputProduct(shape, q.array, w, alpha, x, add, out);
    }
  }
}
