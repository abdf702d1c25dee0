package unweave.engine.onnx.evaluate;

import java.util.List;
import unweave.engine.onnx.NdArray;

/** The definition of an operator. */
@FunctionalInterface
interface Operation {
    /** The outputs; those behind the last that is computed are left out. */
    List<NdArray> apply(Call call);

    /** An operator of one output. */
    @FunctionalInterface
    interface One {
        NdArray apply(Call call);
    }
}
