package unweave.kernels.cpu;

/** Memory of a thread for a tile, used again for every tile: a product, and the tile's input. */
final class TileScratch {
    private final Scratch input = new Scratch();
    private final ThreadLocal<TableProduct> products;

    TileScratch(MicroKernel kernel) {
        products = ThreadLocal.withInitial(() -> new TableProduct(kernel));
    }

    /** The calling thread's product, without factors, bias and ReLU; valid until this thread asks again. */
    TableProduct product() {
        TableProduct product = products.get();
        product.clear();
        return product;
    }

    /** Memory for the input of a tile: see {@link Scratch#atLeast}. */
    float[] input(int size) {
        return input.atLeast(size);
    }
}
