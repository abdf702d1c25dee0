package unweave.report;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium, steered by its driver. Both come with the system (Debian: chromium and chromium-driver). */
final class Browser implements AutoCloseable {
    private static final int WIDTH = 1200;

    final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** A browser; where none is installed, the tests of the class are skipped. */
    static Browser start() {
        Optional<File> chromium = program("chromium", "chromium-browser", "google-chrome");
        Optional<File> chromedriver = program("chromedriver");
        Assumptions.assumeTrue(chromium.isPresent(), "no chromium on the PATH");
        Assumptions.assumeTrue(chromedriver.isPresent(), "no chromedriver on the PATH (Debian: chromium-driver)");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.orElseThrow());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--disable-background-networking",
                "--disable-component-update",
                "--window-size=" + WIDTH + ",1500");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable("browser", Level.ALL);
        logs.enable("performance", Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.orElseThrow())
                .usingAnyFreePort()
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    private static Optional<File> program(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .map(Path::toFile)
                .findFirst();
    }

    /** Opens a page and waits until its first rooms are furnished. */
    void open(Path page, int rooms) {
        driver.manage().logs().get("browser");
        driver.manage().logs().get("performance");
        driver.get(page.toUri().toString());
        await("return unweave.rooms.length >= " + rooms);
    }

    /** What a script returns: numbers as Long or Double, arrays as lists. */
    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    double number(String script, Object... arguments) {
        return ((Number) run(script, arguments)).doubleValue();
    }

    String text(String script, Object... arguments) {
        return String.valueOf(run(script, arguments));
    }

    /** What an asynchronous script gives to its last argument, {@code done}. */
    Object runAsync(String script, Object... arguments) {
        return driver.executeAsyncScript("const done = arguments[arguments.length - 1];" + script, arguments);
    }

    @SuppressWarnings("unchecked")
    List<Number> numbers(Object answer) {
        return (List<Number>) answer;
    }

    /** Waits for a script to return true. */
    void await(String script) {
        long end = System.nanoTime() + 10_000_000_000L;
        while (!Boolean.TRUE.equals(run(script))) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within 10 s: " + script + "; console: " + console());
            }
            Thread.onSpinWait();
        }
    }

    /** Keys typed where the focus is. */
    void type(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    void click(String selector) {
        driver.findElement(By.cssSelector(selector)).click();
    }

    /** A command of Chromium's protocol for developers. */
    void command(String name, Map<String, Object> parameters) {
        driver.executeCdpCommand(name, parameters);
    }

    /** Warnings and errors that the page has caused since it was opened. */
    List<String> console() {
        return driver.manage().logs().get("browser").getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    /** Everything that was asked for since the page was opened, as Chromium's messages about it. */
    List<String> requests() {
        return driver.manage().logs().get("performance").getAll().stream()
                .map(LogEntry::getMessage)
                .filter(message -> message.contains("\"Network.requestWillBeSent\""))
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
