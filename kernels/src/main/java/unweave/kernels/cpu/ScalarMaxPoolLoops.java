package unweave.kernels.cpu;

import unweave.kernels.PoolShape;

/** {@link MaxPoolLoops} in plain Java: the scalar twin, and the only form for padded windows. */
final class ScalarMaxPoolLoops implements MaxPoolLoops {
    @Override
    public boolean supports(PoolShape shape) {
        return true;
    }

    @Override
    public void forward(
            PoolShape shape, int image, int row, int firstColumn, float[] x, int xStart, float[] y, int[] winners) {
        int channels = shape.channels();
        int imageStart = image * shape.inHeight() * shape.inWidth() * channels - xStart;
        int out = ((image * shape.outHeight() + row) * shape.outWidth() + firstColumn) * channels;
        int startY = row * shape.strideY() - shape.padY();
        int top = SummingLoops.firstCell(startY, shape.dilationY());
        int bottom = Math.min(shape.inHeight(), startY + shape.extentY());
        for (int column = firstColumn; column < shape.outWidth(); column++) {
            int startX = column * shape.strideX() - shape.padX();
            int left = SummingLoops.firstCell(startX, shape.dilationX());
            int right = Math.min(shape.inWidth(), startX + shape.extentX());
            for (int channel = 0; channel < channels; channel++, out++) {
                int winner = top * shape.inWidth() + left;
                float best = x[imageStart + winner * channels + channel];
                for (int iy = top; iy < bottom; iy += shape.dilationY()) {
                    for (int ix = left; ix < right; ix += shape.dilationX()) {
                        int cell = iy * shape.inWidth() + ix;
                        float value = x[imageStart + cell * channels + channel];
                        // "Not smaller or equal" lets NaN win, and "best is a number" lets only the first one.
                        if (!(value <= best) && !Float.isNaN(best)) {
                            best = value;
                            winner = cell;
                        }
                    }
                }
                y[out] = best;
                if (winners != null) {
                    winners[out] = winner;
                }
            }
        }
    }

    @Override
    public void pick(
            PoolShape shape,
            int winnersImage,
            int row,
            int firstColumn,
            int[] winners,
            float[] z,
            int zStart,
            float[] out) {
        int channels = shape.channels();
        int rowValues = shape.outWidth() * channels;
        int from = (winnersImage * shape.outHeight() + row) * rowValues;
        for (int i = firstColumn * channels; i < rowValues; i++) {
            out[i] = z[winners[from + i] * channels + i % channels - zStart];
        }
    }

    @Override
    public void backward(
            PoolShape shape,
            int image,
            int row,
            int firstColumn,
            float[] dy,
            int dyStart,
            int[] winners,
            int winnersImage,
            float[] dx,
            int dxStart) {
        int channels = shape.channels();
        int rowValues = shape.outWidth() * channels;
        int from = (image * shape.outHeight() + row) * rowValues;
        int winnersFrom = (winnersImage * shape.outHeight() + row) * rowValues;
        int imageStart = image * shape.inHeight() * shape.inWidth() * channels - dxStart;
        for (int i = firstColumn * channels; i < rowValues; i++) {
            int channel = i % channels;
            int topLeft = row * shape.kernelHeight() * shape.inWidth() + i / channels * shape.kernelWidth();
            for (int ky = 0; ky < shape.kernelHeight(); ky++) {
                for (int kx = 0; kx < shape.kernelWidth(); kx++) {
                    int cell = topLeft + ky * shape.inWidth() + kx;
                    dx[imageStart + cell * channels + channel] =
                            winners[winnersFrom + i] == cell ? dy[from - dyStart + i] : 0f;
                }
            }
        }
    }
}
