package unweave.kernels.cuda;

import unweave.kernels.Floats;
import unweave.kernels.Propagation;
import unweave.kernels.WeightTransform;

/** {@link Propagation} on the GPU. */
final class CudaPropagation implements Propagation {
    private final CudaDevice device;
    private final ElementLaunches elements;

    CudaPropagation(CudaDevice device) {
        this.device = device;
        elements = new ElementLaunches(device);
    }

    @Override
    public void transformWeights(WeightTransform transform, float g, Floats w, Floats out) {
        ElementLaunches.requireSize(w.size(), out);
        elements.run(
                elements.kernel("transformWeights")
                        .value(transform.ordinal())
                        .value(g)
                        .in(w)
                        .in(out),
                w.size(),
                2,
                2);
    }

    @Override
    public void positivePart(Floats x, Floats y) {
        ElementLaunches.requireSize(x.size(), y);
        elements.run(elements.kernel("positivePart").in(x).in(y), x.size(), 1, 2);
    }

    @Override
    public void negativePart(Floats x, Floats y) {
        ElementLaunches.requireSize(x.size(), y);
        elements.run(elements.kernel("negativePart").in(x).in(y), x.size(), 1, 2);
    }

    @Override
    public void stabilizedDivide(float eps, Floats r, Floats z, Floats out) {
        ElementLaunches.requireSize(r.size(), out);
        long period = ElementLaunches.period(z, r.size());
        elements.run(elements.kernel("stabilizedDivide").value(eps).in(r).in(z).in(out), r.size(), period, 2, 2, 1);
    }

    @Override
    public void clippedDenominator(float eps, Floats z, Floats out) {
        ElementLaunches.requireSize(z.size(), out);
        elements.run(elements.kernel("clippedDenominator").value(eps).in(z).in(out), z.size(), 2, 2);
    }

    @Override
    public void rmsDenominator(int width, float eps, Floats z, Floats out) {
        ElementLaunches.requireSize(z.size(), out);
        int rows = ElementLaunches.rows(width, z);
        try (Floats rms = device.floats(rows)) {
            device.kernel("rootMeanSquares")
                    .value(width)
                    .in(z)
                    .in(rms)
                    .value(rows)
                    .grid(rows)
                    .block(256)
                    .work(2.0 * z.size(), Float.BYTES * (double) z.size())
                    .run();
            elements.run(
                    elements.kernel("addRootMeanSquare")
                            .value(width)
                            .value(eps)
                            .in(z)
                            .in(rms)
                            .in(out),
                    z.size(),
                    2,
                    2);
        }
    }

    @Override
    public void selectiveDivide(float eps, float sign, Floats selector, Floats r, Floats z, Floats out) {
        ElementLaunches.requireSize(r.size(), out);
        long period = ElementLaunches.period(z, r.size());
        long selectorPeriod = ElementLaunches.period(selector, r.size());
        Launch launch = elements.kernel("selectiveDivide")
                .value(eps)
                .value(sign)
                .in(selector)
                .value(selectorPeriod)
                .in(r)
                .in(z)
                .in(out);
        elements.run(launch, r.size(), period, 3, 2, 2);
    }

    @Override
    public void addProduct(float alpha, Floats x, Floats g, Floats out) {
        ElementLaunches.requireSize(out.size(), g);
        long period = ElementLaunches.period(x, out.size());
        elements.run(elements.kernel("addProduct").value(alpha).in(x).in(g).in(out), out.size(), period, 3, 3, 1);
    }

    /** c = r / a where a is not 0, else 0: the stabilised division without its stabiliser. */
    @Override
    public void contextVectors(Floats r, Floats a, Floats c) {
        stabilizedDivide(0f, r, a, c);
    }
}
