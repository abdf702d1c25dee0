package unweave.cli.selftest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import unweave.engine.file.SafeTensors;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;
import unweave.lrp.Composite;

/** The golden files that can be compared, and how. */
public final class GoldenFiles {
    /** Names of the files that are looked for in a golden folder. */
    public static final List<String> NAMES = List.of(
            "audio.safetensors",
            "lrp_rules.safetensors",
            "training.safetensors",
            "toy_model.safetensors",
            "mgr_model.safetensors",
            "drsa.safetensors",
            "patch_flipping.safetensors");

    private GoldenFiles() {}

    /**
     * The golden files in a folder.
     *
     * @throws BadInputException if there are none
     */
    public static List<Path> in(Path folder) {
        List<Path> files = new ArrayList<>();
        for (String name : NAMES) {
            if (Files.isRegularFile(folder.resolve(name))) {
                files.add(folder.resolve(name));
            }
        }
        if (files.isEmpty()) {
            throw new BadInputException(
                    folder + ": holds no golden files; expected some of " + String.join(", ", NAMES));
        }
        return files;
    }

    /** Compares everything in one file. */
    public static List<Check> compare(Path file, Backend backend) throws IOException {
        try (SafeTensors golden = SafeTensors.open(file)) {
            return switch (file.getFileName().toString()) {
                case "audio.safetensors" -> GoldenAudio.run(golden);
                case "lrp_rules.safetensors" -> GoldenRules.run(golden, backend);
                case "training.safetensors" -> GoldenTraining.run(file, golden, backend);
                case "toy_model.safetensors" -> GoldenModels.run(file, golden, backend, Composite.toy());
                case "mgr_model.safetensors" -> GoldenModels.run(file, golden, backend, Composite.gtzan());
                case "drsa.safetensors" -> GoldenDrsa.run(golden, backend);
                case "patch_flipping.safetensors" -> GoldenPatchFlipping.run(file, golden, backend);
                default ->
                    throw new BadInputException(file + ": not one of the golden files " + String.join(", ", NAMES));
            };
        }
    }
}
