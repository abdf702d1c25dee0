package unweave.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;
import unweave.audio.file.SoundFiles;
import unweave.figure.PanelGrid;

/** What a room looks like in a real browser, on a desk, on a phone, in the dark, and without scripts. */
class RoomLooksTest extends OpenRoom {
    private static final int[] ORANGE = {230, 159, 0};
    private static final int[] BLUE = {86, 180, 233};
    private static final int[] AGAINST = {42, 111, 196};
    private static final int[] WHITE = {255, 255, 255};
    private static final int[] NIGHT = {13, 16, 21};
    private static final double OPACITY = 0.9;

    /** Asserts the colour at the middle of a cell while everything is in view. */
    private static void assertColour(int[] expected, int row, int frame) {
        assertColourAt(expected, (frame + 0.5) / ExampleRooms.FRAMES, 1 - (row + 0.5) / ExampleRooms.ROWS);
    }

    /**
     * Asserts the colour at a place of the plot.
     *
     * @param x from the left, as a part of its width
     * @param y from the top, as a part of its height
     */
    private static void assertColourAt(int[] expected, double x, double y) {
        List<Number> colour = browser.numbers(browser.run(
                """
                const [x, y] = arguments;
                const canvas = document.querySelector('.room-picture');
                const scale = canvas.width / canvas.clientWidth;
                const left = 58 + x * (canvas.clientWidth - 68);
                const top = 8 + y * (canvas.clientHeight - 36);
                return [...canvas.getContext('2d').getImageData(left * scale, top * scale, 1, 1).data];
                """,
                x,
                y));
        for (int i = 0; i < 3; i++) {
            assertEquals(expected[i], colour.get(i).intValue(), 1, colour.toString());
        }
    }

    private static int[] over(int[] colour, double opacity, int[] ground) {
        int[] mixed = new int[3];
        for (int i = 0; i < 3; i++) {
            mixed[i] = (int) Math.round(ground[i] + (colour[i] - ground[i]) * opacity);
        }
        return mixed;
    }

    @Test
    void relevanceIsLaidOverItsCells() {
        int[] one = ExampleRooms.CELLS[0];
        int[] two = ExampleRooms.CELLS[1];
        assertColour(over(ORANGE, OPACITY, WHITE), one[0], one[1]);
        assertColour(over(BLUE, OPACITY / 4, WHITE), two[0], two[1]);
        assertColour(WHITE, two[0], two[1] + 1);
        assertColour(new int[] {146, 150, 157}, ExampleRooms.ROWS - 1, 3);
        browser.type("2");
        assertColour(WHITE, one[0], one[1]);
        assertColour(over(BLUE, OPACITY / 4, WHITE), two[0], two[1]);
        browser.type("s");
        assertColour(over(AGAINST, OPACITY, WHITE), two[0], two[1]);
        browser.type("2");
        browser.run("unweave.rooms[0].setLook({ opacity: 0.5, emphasis: 2 })");
        assertColour(over(BLUE, 0.5 * Math.sqrt(0.25), WHITE), two[0], two[1]);
        browser.run("unweave.rooms[0].setLook({ threshold: 0.3 })");
        assertColour(WHITE, two[0], two[1]);
    }

    @Test
    void zoomComesCloserAndBack() {
        int[] one = ExampleRooms.CELLS[0];
        browser.type(Keys.HOME);
        double position = (one[1] + 0.5) / ExampleRooms.FRAMES * ExampleRooms.SECONDS;
        browser.run("unweave.rooms[0].seek(arguments[0])", position);
        browser.type("+", "+", "+");
        double part = Math.pow(1.5, -3);
        assertEquals(
                part * ExampleRooms.FRAMES,
                browser.number("const { from, to } = unweave.rooms[0].view.columns; return to - from"),
                1e-6);
        double y = 1 - (one[0] + 0.5) / ExampleRooms.ROWS;
        double centre = (one[1] + 0.5) / ExampleRooms.FRAMES;
        double cell = 1.0 / ExampleRooms.FRAMES;
        // The needle's place stays where it was; the cell is wider now, and its neighbours are further away.
        assertColourAt(over(ORANGE, OPACITY, WHITE), centre - 1.4 * cell, y);
        assertColourAt(over(ORANGE, OPACITY, WHITE), centre + 1.4 * cell, y);
        assertColourAt(WHITE, centre + 2 * cell, y);
        browser.click(".room-zoom button[title*='in frequency (Alt +)']");
        assertEquals(
                ExampleRooms.ROWS / 1.5,
                browser.number("const { from, to } = unweave.rooms[0].view.rows; return to - from"),
                1e-6);
        browser.type(Keys.ESCAPE);
        assertColour(over(ORANGE, OPACITY, WHITE), one[0], one[1]);
    }

    @Test
    void thePointerTellsTheValues() {
        int[] two = ExampleRooms.CELLS[1];
        List<Number> at = browser.numbers(browser.run(
                "const plot = document.querySelector('.room-plot .room-over').getBoundingClientRect();"
                        + "return [(arguments[0] - 0.5) * plot.width, (arguments[1] - 0.5) * plot.height]",
                (two[1] + 0.5) / ExampleRooms.FRAMES,
                1 - (two[0] + 0.5) / ExampleRooms.ROWS));
        new Actions(browser.driver)
                .moveToElement(
                        browser.driver.findElement(By.cssSelector(".room-plot .room-over")),
                        at.get(0).intValue(),
                        at.get(1).intValue())
                .perform();
        assertEquals(
                "1.512 s \u00b7 900 Hz \u00b7 \u221280.0 dB",
                browser.text("return document.querySelector('.room-readout').textContent"));
        assertEquals(
                "|R \u22120.50|R 0|R +0.13",
                browser.text(
                        "return [...document.querySelectorAll('.room-value')].map((v) => v.textContent).join('|')"));
    }

    @Test
    void fitsAPhone() {
        browser.command(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", 360, "height", 740, "deviceScaleFactor", 3, "mobile", true));
        browser.await("return document.querySelector('.room-picture').clientWidth < 360");
        assertEquals(360, browser.number("return document.scrollingElement.scrollWidth"), "no scrolling sideways");
        assertEquals(
                "[]",
                browser.text("return JSON.stringify([...document.querySelectorAll('.room-desk button')]"
                        + ".filter((b) => b.offsetHeight < 36 || b.offsetWidth < 28 || b.getBoundingClientRect().right > 360)"
                        + ".map((b) => b.textContent))"));
        browser.await("const c = document.querySelector('.room-picture'); return c.width === 3 * c.clientWidth");
        assertColour(over(ORANGE, OPACITY, WHITE), ExampleRooms.CELLS[0][0], ExampleRooms.CELLS[0][1]);
    }

    @Test
    void isDarkInTheDark() {
        browser.command(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
        browser.await("return unweave.rooms[0].look.dark");
        assertEquals("rgb(18, 22, 28)", browser.text("return getComputedStyle(document.body).backgroundColor"));
        int[] one = ExampleRooms.CELLS[0];
        assertColour(NIGHT, 3, 3);
        assertColour(over(ORANGE, OPACITY, NIGHT), one[0], one[1]);
    }

    @Test
    void asksForNothingAndHasNoErrors() {
        browser.type(Keys.SPACE, "1", "s", "0");
        browser.await("return unweave.rooms[0].studio.position() > 0.2");
        browser.type(Keys.SPACE);
        assertEquals(List.of(), browser.console());
        List<String> elsewhere = browser.requests().stream()
                .filter(request -> !request.contains("\"url\":\"file:///") && !request.contains("\"url\":\"data:"))
                .toList();
        assertEquals(List.of(), elsewhere);
        assertFalse((Boolean) browser.run("return document.querySelector('b') !== null"), "names are text");
        assertEquals(
                "Listening room, <b>ramp</b>", browser.text("return document.querySelector('.room-desk').ariaLabel"));
    }

    @Test
    void runsNoScriptThatSlippedIn() {
        browser.run("document.body.insertAdjacentHTML('beforeend',"
                + "'<img src=x onerror=\"window.slipped = 1\"><p style=\"color: red\" id=\"slip\">a</p>');"
                + "const script = document.createElement('script'); script.textContent = 'window.slipped = 2';"
                + "document.body.append(script)");
        assertEquals("undefined", browser.text("return typeof window.slipped"));
        assertFalse(browser.text("return getComputedStyle(document.getElementById('slip')).color")
                .contains("255, 0, 0"));
        assertTrue(browser.console().stream().anyMatch(line -> line.contains("Content Security Policy")));
    }

    @Test
    void everyControlHasAName() {
        assertEquals(
                "[]",
                browser.text(
                        """
                        const unnamed = [...document.querySelectorAll('.room-desk :is(button, input, canvas, [role])')]
                            .filter((e) => !e.ariaLabel && !e.textContent.trim() && e.ariaHidden !== 'true'
                                && !e.closest('label') && e.role !== 'status');
                        return JSON.stringify(unnamed.map((e) => e.outerHTML));
                        """));
    }

    /** Names, roles, contrast and order, as axe-core sees them, in the light and in the dark. */
    @Test
    void barsNobody() throws IOException {
        assertEquals("[]", violations());
        browser.command(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
        browser.await("return unweave.rooms[0].look.dark");
        browser.type("1");
        assertEquals("[]", violations());
    }

    private static String violations() throws IOException {
        try (InputStream axe = RoomLooksTest.class.getResourceAsStream("/axe.min.js")) {
            browser.run(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        }
        return String.valueOf(
                browser.runAsync(
                        "axe.run().then((found) => done(JSON.stringify(found.violations.map((violation) =>"
                                + "[violation.id, ...violation.nodes.map((node) => node.html)]))), (error) => done(String(error)))"));
    }

    @Test
    void withoutScriptsAndInPrintItShowsPicturesAndPlayers() {
        browser.command("Emulation.setEmulatedMedia", Map.of("media", "print"));
        assertEquals(
                "none block",
                browser.text("return getComputedStyle(document.querySelector('.room-desk')).display + ' '"
                        + "+ getComputedStyle(document.querySelector('.still')).display"));
        browser.command("Emulation.setEmulatedMedia", Map.of("media", ""));
        browser.command("Emulation.setScriptExecutionDisabled", Map.of("value", true));
        browser.driver.navigate().refresh();
        var room = browser.driver.findElement(By.cssSelector(".room"));
        assertEquals(0, room.findElements(By.cssSelector(".room-desk")).size());
        assertTrue(room.findElement(By.cssSelector(".still img")).isDisplayed());
        assertTrue(room.findElement(By.cssSelector(".still audio")).isDisplayed());
    }

    /** Rooms of a folder are read when they come into sight, from files and into files. */
    @Test
    void roomsBesideThePageAreReadInSight() throws IOException {
        ReportPage report = new ReportPage("two");
        PanelGrid.Columns columns = new PanelGrid.Columns(200, new double[] {50, 100, 150});
        for (String key : List.of("first sound", "second")) {
            Path sounds = Files.createDirectories(folder.resolve(key));
            Files.writeString(sounds.resolve("room.js"), ExampleRooms.room(key).script(key));
            Files.write(sounds.resolve("overview.png"), ExampleRooms.png());
            report.section(key)
                    .room(
                            key,
                            key + "/room.js",
                            new StillRoom(
                                    new Figure(Picture.beside(key + "/overview.png", ExampleRooms.png(), key), ""),
                                    columns,
                                    new SoundRow(key, List.of(Sound.beside("Input", key + "/input.wav")))))
                    .text("text\n\n".repeat(100));
        }
        Path index = Files.writeString(folder.resolve("index.html"), report.toHtml());
        browser.open(index, 1);
        assertEquals(1, browser.number("return unweave.rooms.length"), "the other is out of sight");
        browser.run("document.querySelectorAll('.room')[1].scrollIntoView()");
        browser.await("return unweave.rooms.length === 2");
        assertEquals(2, browser.number("return unweave.rooms[1].studio.duration"));
        assertEquals(List.of(), browser.console());
    }

    /** Cards of references open a room over the page, which leaves nothing behind when it is closed. */
    @Test
    void aCardOpensItsRoom() throws IOException {
        Files.createDirectories(folder.resolve("dog"));
        Files.writeString(
                folder.resolve("dog/a 1.js"), ExampleRooms.room("clip").script("dog/a 1.js"));
        Files.write(folder.resolve("dog/a.wav"), SoundFiles.wavBytes(ExampleRooms.ramp(0.5), ExampleRooms.RATE));
        Card card = Card.of("a.wav", new Picture(ExampleRooms.png(), "map"))
                .sound(Sound.beside("The clip", "dog/a.wav"))
                .opens("dog/a 1.js");
        Path references = Files.writeString(
                folder.resolve("references.html"),
                new ReportPage("references").cards(List.of(card)).toHtml());
        browser.open(references, 0);
        assertFalse(browser.driver.findElement(By.tagName("audio")).isDisplayed());
        browser.click(".room-player");
        browser.await("return document.querySelector('audio').currentTime > 0.1");
        browser.click(".room-player");
        assertTrue((Boolean) browser.run("return document.querySelector('audio').paused"));
        browser.click(".room-open");
        browser.await("return unweave.rooms.length === 1");
        assertEquals("Play", browser.text("return document.activeElement.ariaLabel"));
        browser.type(Keys.SPACE);
        browser.await("return unweave.rooms[0].studio.position() > 0.1");
        browser.run("window.studio = unweave.rooms[0].studio");
        browser.type("+", "1", Keys.ESCAPE);
        assertEquals(1, browser.number("return document.querySelectorAll('dialog').length"), "the zoom goes first");
        browser.type(Keys.ESCAPE);
        browser.await("return document.querySelectorAll('dialog').length === 0");
        assertEquals("0 false", browser.text("return `${unweave.rooms.length} ${window.studio.isPlaying}`"));
        assertEquals(List.of(), browser.console());
    }
}
