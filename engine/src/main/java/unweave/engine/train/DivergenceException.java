package unweave.engine.train;

import unweave.kernels.BadInputException;

/** A training whose loss is no longer a number: its settings do not work. */
public final class DivergenceException extends BadInputException {
    private static final long serialVersionUID = 1L;

    DivergenceException(int epoch, int step, float rate) {
        super("epoch " + epoch + ", step " + step
                + ": the loss is no longer a finite number; try a learning rate below " + rate
                + ", and check that the inputs hold no NaN");
    }
}
