package unweave.bench;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The same work by PyTorch on the same GPU: {@code bench/peers/gpu_peers.py}, in a process of its own.
 *
 * @param description the version of PyTorch and what it computes with, or why there are no times
 * @param milliseconds median times by the names of our lines; empty where PyTorch is not there
 */
record GpuPeers(String description, Map<String, Double> milliseconds) {
    private static final String NAME = "PyTorch";

    /**
     * Runs the script.
     *
     * @param python the interpreter to run it with
     * @param script the file
     * @param device "cuda" or "cuda:1", or "cpu" to try the script
     */
    static GpuPeers run(String python, Path script, String device, GpuPlan plan) throws IOException {
        if (!Files.exists(script)) {
            return new GpuPeers("no PyTorch: " + script + " is missing", Map.of());
        }
        List<String> command = new ArrayList<>(List.of(
                python,
                script.toString(),
                "--device",
                device,
                "--model",
                plan.model(),
                "--heatmaps",
                String.valueOf(plan.heatmaps()),
                "--runs",
                String.valueOf(plan.runs()),
                "--trainings"));
        plan.trainings().forEach(training -> command.add(training.model() + ":" + training.batch()));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? parse(output) : new GpuPeers("no PyTorch: " + lastLine(output), Map.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + script + " ran", e);
        } catch (IOException e) {
            return new GpuPeers("no PyTorch: " + python + " cannot be started", Map.of());
        }
    }

    /** The script's last line is JSON. */
    static GpuPeers parse(String output) {
        try {
            JsonObject json = JsonParser.parseString(lastLine(output)).getAsJsonObject();
            Map<String, Double> times = new LinkedHashMap<>();
            for (Map.Entry<String, JsonElement> entry :
                    json.getAsJsonObject("milliseconds").entrySet()) {
                times.put(entry.getKey(), entry.getValue().getAsDouble());
            }
            return new GpuPeers(json.get("description").getAsString(), times);
        } catch (JsonParseException | IllegalStateException | NullPointerException e) {
            return new GpuPeers("no PyTorch: its times cannot be read: " + lastLine(output), Map.of());
        }
    }

    /** The line beside PyTorch's time for it, if there is one. */
    GpuResults.Line beside(GpuResults.Line line, double leastSpeed) {
        Double time = milliseconds.get(line.name());
        return time == null ? line : line.against(NAME, time, leastSpeed);
    }

    private static String lastLine(String output) {
        String text = output.strip();
        return text.substring(text.lastIndexOf('\n') + 1);
    }
}
