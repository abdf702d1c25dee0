package unweave.kernels.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which taps of a kernel meet which places along one axis of an image, forwards or towards the input. Taps that meet
 * padding are left out.
 */
final class DepthwiseAxis {
    /**
     * Outputs first, first + step, ... that meet the same taps.
     *
     * @param taps the numbers of the taps in the kernel, ascending
     * @param places where each of them lies for the first output
     * @param advance by how much these grow from one output to the next
     */
    record Run(int first, int step, int count, int[] taps, int[] places, int advance) {}

    final List<Run> runs = new ArrayList<>();
    /** The run of each output. */
    private final Run[] runOf;

    private DepthwiseAxis(int outputs, int phases, int advance, int taps, Places places) {
        runOf = new Run[outputs];
        for (int phase = 0; phase < Math.min(phases, outputs); phase++) {
            for (int output = phase; output < outputs; ) {
                output = addRun(output, phases, advance, taps, places);
            }
        }
    }

    /** The place at which an output meets a tap; -1 if it is none. */
    private interface Places {
        int place(int output, int tap);
    }

    /** The outputs of a convolution: place = output * stride + tap * dilation - pad. */
    static DepthwiseAxis forward(int outputs, int inputs, int taps, int stride, int dilation, int pad) {
        return new DepthwiseAxis(outputs, 1, stride, taps, (output, tap) -> {
            int place = output * stride + tap * dilation - pad;
            return place < inputs ? place : -1;
        });
    }

    /** The gradient towards the input: places are the outputs with place * stride + tap * dilation - pad = output. */
    static DepthwiseAxis towardsInput(int outputs, int inputs, int taps, int stride, int dilation, int pad) {
        return new DepthwiseAxis(inputs, stride, 1, taps, (input, tap) -> {
            int distance = input + pad - tap * dilation;
            return distance >= 0 && distance % stride == 0 && distance / stride < outputs ? distance / stride : -1;
        });
    }

    /** Appends the longest run that begins at an output; returns the output behind it. */
    private int addRun(int first, int step, int advance, int taps, Places places) {
        int[] meeting = meeting(first, taps, places);
        int[] at = Arrays.stream(meeting).map(tap -> places.place(first, tap)).toArray();
        int end = first + step;
        while (end < runOf.length && Arrays.equals(meeting, meeting(end, taps, places))) {
            end += step;
        }
        Run run = new Run(first, step, (end - first) / step, meeting, at, advance);
        runs.add(run);
        for (int output = first; output < end; output += step) {
            runOf[output] = run;
        }
        return end;
    }

    private static int[] meeting(int output, int taps, Places places) {
        int[] meeting = new int[taps];
        int count = 0;
        for (int tap = 0; tap < taps; tap++) {
            if (places.place(output, tap) >= 0) {
                meeting[count++] = tap;
            }
        }
        return Arrays.copyOf(meeting, count);
    }

    /** The run that an output belongs to. */
    Run runOf(int output) {
        return runOf[output];
    }
}
