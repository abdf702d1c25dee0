package unweave.cli.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import unweave.explain.Devices;

/** Lists what can compute on this machine. */
@Command(
        name = "devices",
        mixinStandardHelpOptions = true,
        description = "Lists the devices that can compute on this machine.")
public final class DevicesCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        common.requireKnownDevice();
        Map<String, String> devices = new LinkedHashMap<>();
        Devices.all(common.threads).forEach(device -> devices.put(device.name(), device.description()));
        List<String> lines = new ArrayList<>();
        devices.forEach((name, description) -> lines.add(String.format("%-8s %s", name, description)));
        lines.add("");
        lines.add("auto is " + Devices.automatic() + ". Java " + System.getProperty("java.version") + ", "
                + Runtime.getRuntime().availableProcessors() + " processors, heap up to "
                + Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB.");
        common.result(devices, lines);
        return 0;
    }
}
