package unweave.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A room in a real browser, opened anew for every test: on a desk, in the light, with scripts. */
abstract class OpenRoom {
    @TempDir
    static Path folder;

    static Browser browser;
    static Path page;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.start();
        page = Files.writeString(
                folder.resolve("room.html"), ExampleRooms.room("<b>ramp</b>").toHtml());
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void open() {
        browser.command("Emulation.clearDeviceMetricsOverride", Map.of());
        browser.command("Emulation.setEmulatedMedia", Map.of("features", List.of()));
        browser.command("Emulation.setScriptExecutionDisabled", Map.of("value", false));
        browser.open(page, 1);
    }
}
