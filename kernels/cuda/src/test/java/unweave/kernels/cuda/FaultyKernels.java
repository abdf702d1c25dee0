package unweave.kernels.cuda;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import unweave.kernels.cuda.driver.Context;
import unweave.kernels.cuda.driver.CudaException;
import unweave.kernels.cuda.driver.Device;
import unweave.kernels.cuda.driver.DeviceMemory;
import unweave.kernels.cuda.driver.Driver;
import unweave.kernels.cuda.driver.Function;
import unweave.kernels.cuda.driver.KernelArguments;
import unweave.kernels.cuda.driver.KernelModule;
import unweave.kernels.cuda.driver.PinnedMemory;
import unweave.kernels.cuda.driver.Stream;

/**
 * Runs the kernels of {@code kernels/standin/faults} on the checking stand-in and prints what came of each, for
 * {@link StandInChecksTest}. A process of its own, because a process loads one CUDA driver and no other.
 *
 * <p>Each kernel takes (const float* x, float* y, int n); x holds n positive values, y has room for n.
 */
final class FaultyKernels {
    /** Begins the line that ends a kernel's report: this, its name, and the message of the exception or nothing. */
    static final String OUTCOME = "== ";

    private static final int THREADS = 64;

    private final Path report;
    private Context context;
    private Stream stream;

    private FaultyKernels(Path report) {
        this.report = report;
    }

    /** How a kernel is launched, and what the program does wrong around it. */
    private record Run(String kernel, int blocks, int threads, int n, Program program) {
        Run(String kernel, int n) {
            this(kernel, 1, n, n, Program.SOUND);
        }

        Run(String kernel, int n, Program program) {
            this(kernel, 1, n, n, program);
        }
    }

    private enum Program {
        SOUND,
        FILLS_Y,
        DOES_NOT_WRITE_X,
        FREES_X,
        PASSES_HOST_MEMORY,
        DOES_NOT_WAIT
    }

    private static List<Run> runs() {
        List<Run> runs = new ArrayList<>();
        runs.add(new Run("soundSum", 2, 256, 1000, Program.SOUND));
        runs.add(new Run("soundReversal", 1, THREADS, 512, Program.SOUND));
        runs.add(new Run("soundFlag", THREADS, Program.FILLS_Y));
        runs.add(new Run("racesInGlobal", THREADS, Program.FILLS_Y));
        for (String kernel : List.of(
                "writesBehindGlobal",
                "readsBeforeGlobal",
                "readsNull",
                "readsMisaligned",
                "forgetsLastOutput",
                "returnsBeforeBarrier",
                "waitsAtDifferentBarriers",
                "exchangesWithoutHalf",
                "racesInShared",
                "reusesSharedTooEarly",
                "sumsWithoutBarrier",
                "overflowsInt",
                "dividesByZero")) {
            runs.add(new Run(kernel, THREADS));
        }
        runs.add(new Run("readsHalfBehindGlobal", 1, 8, 30, Program.SOUND));
        runs.add(new Run("writesBehindShared", 32));
        runs.add(new Run("indexBehindArray", 32));
        runs.add(new Run("readsUnwrittenShared", 32));
        runs.add(new Run("readsFreed", THREADS, Program.FREES_X));
        runs.add(new Run("readsHost", THREADS, Program.PASSES_HOST_MEMORY));
        runs.add(new Run("readsUnwrittenGlobal", THREADS, Program.DOES_NOT_WRITE_X));
        runs.add(new Run("blocksWriteTheSame", 2, THREADS, THREADS, Program.SOUND));
        runs.add(new Run("blocksReadEachOther", 2, THREADS, THREADS, Program.SOUND));
        runs.add(new Run("soundSum", 1, 256, 1000, Program.DOES_NOT_WAIT));
        return runs;
    }

    public static void main(String[] arguments) throws IOException {
        FaultyKernels kernels = new FaultyKernels(Path.of(arguments[0]));
        Driver.start();
        for (Run run : runs()) {
            String name = run.program == Program.DOES_NOT_WAIT ? "forgottenWait" : run.kernel;
            String outcome = kernels.outcome(run);
            System.out.print(Files.exists(kernels.report) ? Files.readString(kernels.report) : "");
            Files.deleteIfExists(kernels.report);
            System.out.println(OUTCOME + name + " " + outcome);
        }
    }

    private String outcome(Run run) {
        context = new Context(Device.of(0));
        stream = new Stream(context, "test");
        try {
            // Work that nobody waits for is kept back now and then, as a device may; so once is not always enough to
            // see it.
            for (int i = 0; i < (run.program == Program.DOES_NOT_WAIT ? 20 : 1); i++) {
                launch(run);
            }
            return "";
        } catch (CudaException e) {
            return e.getMessage();
        } finally {
            context.close(); // with all that lives in it, broken or not
        }
    }

    private void launch(Run run) {
        long bytes = (long) run.n * Float.BYTES;
        PinnedMemory host = new PinnedMemory(context, (int) bytes);
        ByteBuffer values = host.buffer();
        for (int i = 0; i < run.n; i++) {
            values.putFloat(i * Float.BYTES, i + 1);
        }
        DeviceMemory x = new DeviceMemory(context, bytes);
        DeviceMemory y = new DeviceMemory(context, bytes);
        if (run.program != Program.DOES_NOT_WRITE_X) {
            stream.upload(host.address(), x.address(), bytes);
        }
        if (run.program == Program.FILLS_Y) {
            stream.fill(y.address(), 0, run.n);
        }
        stream.synchronize();
        Function kernel = new KernelModule(context, run.kernel, ptx(run.kernel)).function(run.kernel);
        KernelArguments kernelArguments = new KernelArguments(context, 3);
        long address = x.address();
        if (run.program == Program.PASSES_HOST_MEMORY) {
            PinnedMemory givenBack = new PinnedMemory(context, (int) bytes);
            address = givenBack.address(); // pinned memory could be read; this is the process's own from here on
            givenBack.close();
        }
        kernelArguments.set(0, address);
        kernelArguments.set(1, y.address());
        kernelArguments.set(2, run.n);
        if (run.program == Program.FREES_X) {
            x.close();
        }
        kernel.launch(stream, run.blocks, 1, 1, run.threads, 1, 1, kernelArguments, 0, 0);
        Stream reader = run.program == Program.DOES_NOT_WAIT ? new Stream(context, "reader") : stream;
        reader.download(
                y.address(), host.address(), run.kernel.equals("soundSum") ? (long) Float.BYTES * run.blocks : bytes);
        reader.synchronize();
        stream.synchronize();
    }

    /** The stand-in reads of PTX what kernels are called and what they take. */
    private static String ptx(String kernel) {
        return String.format(
                ".version 6.4%n.target sm_75%n.address_size 64%n.visible .entry %s(.param .u64 x, .param .u64 y, .param .u32 n)%n"
                        + "{%n ret;%n}%n",
                kernel);
    }
}
