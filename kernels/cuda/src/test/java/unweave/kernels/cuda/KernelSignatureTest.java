package unweave.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class KernelSignatureTest {
    private static final String PTX =
            """
      .version 6.4
      .visible .entry none(

      )
      .visible .entry some(
      	.param .u64 some_param_0,
      	.param .u64 .ptr .global .align 16 some_param_1,
      	.param .u32 some_param_2,
      	.param .f32 some_param_3,
      	.param .f64 some_param_4
      )
      .maxntid 256, 1, 1
      { ret; }
      """;

    @Test
    void typesOfAllParameters() {
        KernelSignature signature = KernelSignature.of("some", PTX);
        assertEquals(5, signature.size());
        assertTrue(signature.takes(1, 'i', 8));
        assertTrue(signature.takes(2, 'i', 4));
        assertFalse(signature.takes(2, 'i', 8));
        assertFalse(signature.takes(2, 'f', 4));
        assertTrue(signature.takes(3, 'f', 4));
        assertTrue(signature.takes(4, 'f', 8));
        assertFalse(signature.takes(4, 'f', 4));
        assertEquals(0, KernelSignature.of("none", PTX).size());
    }

    @Test
    void kernelThatIsNotThere() {
        assertThrows(IllegalArgumentException.class, () -> KernelSignature.of("som", PTX));
    }
}
