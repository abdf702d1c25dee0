package unweave.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import unweave.engine.model.Probabilities;
import unweave.explain.data.NpyFile;
import unweave.explain.imports.ImportCheck;
import unweave.explain.imports.ImportRequest;
import unweave.explain.imports.ImportedNetwork;
import unweave.kernels.Backend;
import unweave.kernels.BadInputException;

/** Makes a model file of a network that another program trained. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Makes a model file of a network that another program trained.",
        description = {
            "Reads an ONNX graph, or a PyTorch state dict (.pt, .pth, .ckpt, safetensors) whose layers --network",
            "describes, compares what it computes with a reference, and writes a model file only if they agree.",
            "Afterwards every command takes that file: explain, subspaces, references, evaluate.",
            "",
            "Exit code 1: the outputs differ by more than 1e-4 of the largest; nothing is written."
        })
public final class ImportCommand implements Callable<Integer> {
    private static final int FAILED = 1;

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "The network: .onnx, or a state dict (.pt, .pth, .ckpt, .bin, .safetensors).")
    private Path file;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "MODEL",
            description = "The model file to write, such as model.safetensors; refused if it is there.")
    private Path out;

    @Option(names = "--overwrite", description = "Replace an existing model file.")
    private boolean overwrite;

    @Option(
            names = "--network",
            paramLabel = "JSON",
            description = "The layers of a state dict: {\"input\": {...}, \"layers\": [...]} as in model files.")
    private Path network;

    @Option(
            names = "--names",
            paramLabel = "JSON",
            description = "Which layer is which module where names differ: {\"conv1\": \"features.0\", ...}; modules "
                    + "that are not needed stand in a list under \"leave out\".")
    private Path names;

    @Option(
            names = "--front-end",
            paramLabel = "NAME",
            description = "How sounds become inputs: a name or a JSON file. Without it the network is imported, but "
                    + "sounds cannot be explained.")
    private String frontEnd;

    @Option(
            names = "--classes",
            paramLabel = "TXT",
            description = "Class names, one a line, UTF-8 (default: the network's, or \"class 1\" and so on).")
    private Path classes;

    @Option(
            names = "--probabilities",
            paramLabel = "KIND",
            description = "What the outputs mean: softmax (one class applies) or sigmoid (each class by itself) "
                    + "(default: what the file says, else softmax).")
    private String probabilities;

    @Option(
            names = "--input",
            paramLabel = "TENSOR",
            description = "Begin at this tensor of an ONNX graph (default: its input).")
    private String input;

    @Option(
            names = "--output",
            paramLabel = "TENSOR",
            description = "End at this tensor of an ONNX graph, which holds the logits (default: its output, before a "
                    + "final softmax or sigmoid).")
    private String output;

    @Option(
            names = "--input-shape",
            paramLabel = "N",
            split = ",",
            description =
                    "The input's sizes where an ONNX graph leaves them open, such as 1,1,40,101 (default: those of "
                            + "--check-input, else the graph's).")
    private List<Integer> inputShape;

    @Option(
            names = "--inspect",
            description = "Only list what each node of an ONNX graph becomes, and what is in the way.")
    private boolean inspect;

    @Option(
            names = "--check-input",
            paramLabel = "NPY",
            description = "Inputs to compare on, in the file's own layout (default: one random input, in float64).")
    private Path checkInput;

    @Option(
            names = "--check-output",
            paramLabel = "NPY",
            description = "What the original network gives for --check-input.")
    private Path checkOutput;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        ImportRequest request = request();
        if (inspect) {
            ImportedNetwork.inspect(request).forEach(common.console()::print);
            return 0;
        }
        requireOut();
        require(
                (checkInput == null) == (checkOutput == null),
                "--check-input and --check-output belong together: give both, or none to check on a random input");
        Optional<NpyFile> inputs = checkInput == null ? Optional.empty() : Optional.of(NpyFile.read(checkInput));
        if (inputShape == null && inputs.isPresent()) {
            request = request.withInputShape(inputs.get().shape());
        }
        Optional<NpyFile> outputs = checkOutput == null ? Optional.empty() : Optional.of(NpyFile.read(checkOutput));
        common.requireKnownDevice();
        try (Backend backend = common.backend();
                ImportedNetwork imported = ImportedNetwork.open(request, backend)) {
            imported.summary().forEach(common.console()::note);
            ImportCheck check = inputs.isPresent()
                    ? imported.check(inputs.get(), outputs.orElseThrow(), common.console())
                    : imported.check(common.seed, common.console());
            if (check.holds()) {
                write(imported);
            }
            report(imported, check);
            return check.holds() ? 0 : FAILED;
        }
    }

    private ImportRequest request() {
        ImportRequest request = new ImportRequest(file).between(input, output);
        request = network == null ? request : request.withNetwork(network);
        request = names == null ? request : request.withNames(names);
        request = frontEnd == null ? request : request.withFrontEnd(frontEnd);
        request = inputShape == null ? request : request.withInputShape(inputShape);
        request = classes == null ? request : request.withClasses(classes);
        return probabilities == null ? request : request.withProbabilities(Probabilities.named(probabilities));
    }

    private void requireOut() {
        require(out != null, "--out MODEL is missing: where the model file goes, such as model.safetensors");
        require(
                !Files.isDirectory(out),
                out + ": is a folder; name the file, such as " + out.resolve("model.safetensors"));
        require(overwrite || !Files.exists(out), out + ": is there already; choose another, or add --overwrite");
        require(!out.toAbsolutePath().equals(file.toAbsolutePath()), out + ": is the file that is imported");
    }

    private void write(ImportedNetwork imported) throws IOException {
        Path folder = out.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        imported.save(out);
    }

    private void report(ImportedNetwork imported, ImportCheck check) {
        List<String> lines = new ArrayList<>(List.of(
                check.line(),
                String.format(
                        Locale.ROOT,
                        "worst imbalance of the relevance ledger %.1e%s",
                        check.imbalance(),
                        check.imbalanceAt().isEmpty() ? "" : ", at " + check.imbalanceAt())));
        lines.add(
                check.holds()
                        ? "model: " + out + next()
                        : String.format(
                                Locale.ROOT,
                                "the outputs differ by more than %.0e of the largest; nothing was written",
                                ImportCheck.TOLERANCE));
        common.result(json(imported, check), lines);
    }

    /** Without a front end there is no sound to explain; the summary says so. */
    private String next() {
        return frontEnd == null ? "" : "; next: unweave explain " + out + " SOUND --out DIR";
    }

    private Map<String, Object> json(ImportedNetwork imported, ImportCheck check) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", check.holds() ? out.toString() : null);
        json.put("layers", imported.description().layers().size());
        json.put("classes", imported.description().classNames());
        json.put("probabilities", imported.description().probabilities().keyword());
        json.put("comparedWith", check.against());
        json.put("inputs", check.inputs());
        json.put("largestDifference", check.difference());
        json.put("relativeDifference", check.relative());
        json.put("worstImbalance", check.imbalance());
        return json;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new BadInputException(message);
        }
    }
}
