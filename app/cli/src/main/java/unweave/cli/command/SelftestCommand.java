package unweave.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import unweave.cli.selftest.Check;
import unweave.cli.selftest.GoldenFiles;
import unweave.explain.progress.Progress;
import unweave.kernels.Backend;
import unweave.kernels.operations.OperationCase;
import unweave.kernels.operations.OperationCheck;
import unweave.kernels.operations.Operations;

/** Checks the arithmetic on the user's machine. */
@Command(
        name = "selftest",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Checks the arithmetic on this machine.",
        description = {
            "Checks every operation on this machine against its float64 definition and, with --golden, whole",
            "computations against the results of PyTorch, zennit, torchaudio and SciPy. Exit code 1 if a check fails."
        })
public final class SelftestCommand implements Callable<Integer> {
    private static final int FAILED = 1;

    @Option(
            names = "--golden",
            paramLabel = "DIR",
            description = "Folder with golden safetensors files to compare with.")
    private Path golden;

    @Option(names = "--failures", description = "List only the checks that fail.")
    private boolean failuresOnly;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        List<Path> files = golden == null ? List.of() : GoldenFiles.in(golden);
        List<Check> checks = new ArrayList<>();
        String device;
        try (Backend backend = common.backend()) {
            device = backend.description();
            operations(backend, checks);
            try (Progress progress = common.console().progress("golden files", files.size())) {
                for (Path file : files) {
                    checks.addAll(GoldenFiles.compare(file, backend));
                    progress.at(progress(files, file), file.getFileName().toString());
                }
            }
        }
        long failed = checks.stream().filter(check -> !check.ok()).count();
        common.result(json(device, checks, failed), lines(device, checks, failed));
        return failed == 0 ? 0 : FAILED;
    }

    private static long progress(List<Path> files, Path file) {
        return files.indexOf(file) + 1L;
    }

    private void operations(Backend backend, List<Check> checks) {
        List<OperationCase> cases = Operations.small();
        try (Progress progress = common.console().progress("operations", cases.size())) {
            for (OperationCase operation : cases) {
                OperationCheck check = OperationCheck.run(operation, backend);
                String problem = check.problem() == null || check.problem().isEmpty() ? "" : ": " + check.problem();
                checks.add(new Check("operation " + operation.name() + problem, check.error(), check.tolerance()));
                progress.at(checks.size(), operation.name());
            }
        }
    }

    private Map<String, Object> json(String device, List<Check> checks, long failed) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("device", device);
        json.put("checks", checks.size());
        json.put("failed", failed);
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Check check : shown(checks)) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("case", check.name());
            row.put("error", check.error());
            row.put("tolerance", check.tolerance());
            row.put("ok", check.ok());
            rows.add(row);
        }
        json.put("rows", rows);
        return json;
    }

    private List<String> lines(String device, List<Check> checks, long failed) {
        int width =
                checks.stream().mapToInt(check -> check.name().length()).max().orElse(4);
        String row = "%-" + width + "s  %10s  %9s  %s";
        List<String> lines = new ArrayList<>();
        lines.add(device);
        lines.add(String.format(row, "case", "error", "tolerance", "ok"));
        for (Check check : shown(checks)) {
            lines.add(String.format(
                    Locale.ROOT,
                    row,
                    check.name(),
                    String.format(Locale.ROOT, "%.2e", check.error()),
                    String.format(Locale.ROOT, "%.0e", check.tolerance()),
                    check.ok() ? "ok" : "FAILED"));
        }
        lines.add(checks.size() - failed + " passed, " + failed + " failed");
        return lines;
    }

    private List<Check> shown(List<Check> checks) {
        return failuresOnly ? checks.stream().filter(check -> !check.ok()).toList() : checks;
    }
}
