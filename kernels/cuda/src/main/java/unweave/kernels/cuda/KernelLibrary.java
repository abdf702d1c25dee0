package unweave.kernels.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import unweave.kernels.cuda.driver.Context;
import unweave.kernels.cuda.driver.KernelModule;

/**
 * The kernels that come with this program: PTX files beside this class, made from {@code kernels/cuda/src/main/cuda} by
 * {@code kernels/cuda/compile-ptx}, and the file {@code kernels.txt} that says which file holds which kernel. A file is
 * loaded when the first of its kernels is asked for.
 */
final class KernelLibrary implements AutoCloseable {
    static final String INDEX = "kernels.txt";
    private final Map<String, String> files = new HashMap<>();
    private final Map<String, KernelModule> modules = new HashMap<>();
    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, Launch> launches = new HashMap<>();
    private final CudaDevice device;

    KernelLibrary(CudaDevice device) {
        this.device = device;
        resource(INDEX).lines().map(line -> line.split(" ")).forEach(entry -> files.put(entry[0], entry[1]));
    }

    /** The launch of the kernel of that name. */
    Launch kernel(String name) {
        Launch launch = launches.get(name);
        if (launch == null) {
            launch = load(name);
            launches.put(name, launch);
        }
        return launch.begin();
    }

    private Launch load(String name) {
        String file = files.get(name);
        if (file == null) {
            throw new IllegalArgumentException(
                    "there is no kernel " + name + "; run kernels/cuda/compile-ptx after adding one");
        }
        Context context = device.stream().context();
        String ptx = texts.computeIfAbsent(file, KernelLibrary::resource);
        KernelModule module = modules.computeIfAbsent(file, f -> new KernelModule(context, f, ptx));
        return new Launch(device, module.function(name), KernelSignature.of(name, ptx));
    }

    /** The text of a file beside this class. */
    static String resource(String file) {
        try (InputStream stream = KernelLibrary.class.getResourceAsStream(file)) {
            if (stream == null) {
                throw new IllegalStateException("the program is incomplete: it has no " + file);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        launches.values().forEach(Launch::close);
        modules.values().forEach(KernelModule::close);
    }
}
