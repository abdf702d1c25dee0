package unweave.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import unweave.audio.file.SoundFiles;
import unweave.explain.TimeFrequencyAxes;
import unweave.figure.MapPanel;

/** What is written of a room; how it behaves in a browser is in {@link RoomInBrowserTest}. */
class ListeningRoomTest {
    private static final String NASTY = "</script><script>alert('x')</script><!-- \"q\" \u2028";

    private static byte[] inflated(String base64) throws IOException {
        return new InflaterInputStream(
                        new ByteArrayInputStream(Base64.getDecoder().decode(base64)))
                .readAllBytes();
    }

    @Test
    void levelsAreKeptToAStepOfTheirRange() throws IOException {
        float[][] values = {{-80, -79.9f, -12.3f}, {-60.01f, 0, -33}};
        QuantisedMap map = QuantisedMap.linear(values);
        byte[] steps = inflated(map.data());
        assertEquals(-80, map.low());
        assertEquals(0, map.high());
        for (int i = 0; i < steps.length; i++) {
            double read = map.low() + (map.high() - map.low()) * (steps[i] & 0xff) / 255;
            assertEquals(values[i / 3][i % 3], read, 0.5 * 80 / 255 + 1e-5);
        }
        assertArrayEquals(
                new byte[] {0, 0},
                inflated(QuantisedMap.linear(new float[][] {{3, 3}}).data()),
                "all equal");
    }

    @Test
    void relevancesKeepTheirSignAndSmallOnesTheirSize() throws IOException {
        Random random = new Random(2);
        float[][] values = new float[1][4000];
        for (int i = 0; i < values[0].length; i++) {
            values[0][i] = (float) (Math.copySign(Math.pow(random.nextDouble(), 6), random.nextDouble() - 0.5) * 0.02);
        }
        values[0][0] = 0.02f;
        byte[] steps = inflated(QuantisedMap.signed(values, 0.02).data());
        assertEquals(127, steps[0]);
        for (int i = 0; i < steps.length; i++) {
            double value = values[0][i];
            double read = Math.signum(steps[i]) * 0.02 * steps[i] * steps[i] / (127.0 * 127);
            assertEquals(value, read, Math.sqrt(Math.abs(value) * 0.02) / 127 + 0.02 / (127.0 * 127));
        }
        assertArrayEquals(
                new byte[2], inflated(QuantisedMap.signed(new float[1][2], 0).data()), "no relevance at all");
    }

    @Test
    void aScriptHoldsEverythingAndNoTextThatEndsIt() throws IOException {
        String script = ExampleRooms.room(NASTY).script(NASTY);
        assertFalse(script.contains("<"));
        Matcher call =
                Pattern.compile("^unweave\\.room\\((\".*?\"),(\\{.*})\\);\n$").matcher(script);
        assertTrue(call.matches());
        assertEquals(NASTY, JsonParser.parseString(call.group(1)).getAsString());
        JsonObject json = JsonParser.parseString(call.group(2)).getAsJsonObject();
        assertEquals(NASTY, json.get("title").getAsString());
        assertEquals(ExampleRooms.LARGEST, json.get("limit").getAsDouble());
        assertEquals(4, json.getAsJsonArray("tracks").size());
        JsonObject concept = json.getAsJsonArray("tracks").get(2).getAsJsonObject();
        assertEquals(
                ExampleRooms.ROWS * ExampleRooms.FRAMES,
                inflated(concept.getAsJsonObject("relevance").get("data").getAsString()).length);
        assertArrayEquals(
                SoundFiles.flacBytes(ExampleRooms.ramp(0.4), ExampleRooms.RATE),
                Base64.getDecoder().decode(concept.get("sound").getAsString()));
    }

    /** Styles and scripts are those of the policy, byte for byte; nothing else is let in. */
    @Test
    void thePolicyAllowsWhatIsBuiltIntoThePageOnly() {
        String page = ExampleRooms.room(NASTY).toHtml();
        assertFalse(page.contains("unsafe"));
        assertFalse(page.contains("style=\""), "styles in attributes would not be allowed");
        assertFalse(page.contains("alert('x')</script>"));
        String policy =
                find(page, "Content-Security-Policy\" content=\"([^\"]*)").replace("&#39;", "'");
        String style = find(page, "<style>(.*?)</style>");
        String script = find(page, "<script>(.*?)</script>");
        assertEquals(
                "default-src 'none'; img-src data:; style-src " + PageAssets.hash(style) + "; script-src "
                        + PageAssets.hash(script) + "; media-src data:",
                policy);
        assertFalse(
                find(page, "<script type=\"application/json\">(.*?)</script>").contains("<"));
    }

    private static String find(String page, String pattern) {
        Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(page);
        assertTrue(matcher.find(), pattern);
        return matcher.group(1);
    }

    @Test
    void pagesWithoutRoomsHaveNoScript() {
        String page = new ReportPage("a").text("b").toHtml();
        assertFalse(page.contains("<script") || page.contains("script-src") || page.contains("room"));
        assertTrue(page.contains("content=\"light\""));
    }

    @Test
    void theFirstTrackIsTheInput() {
        ListeningRoom room = ExampleRooms.room("a");
        List<Track> tracks = room.tracks().subList(1, 3);
        assertThrows(
                IllegalArgumentException.class,
                () -> new ListeningRoom(
                        "a", "dog", room.axes(), room.sampleRate(), room.spectrogram(), "dB", 1, tracks, List.of()));
    }

    /** Without its sounds, a page of five maps of noise, of 3 s of music each, leaves most of 700 kB to them. */
    @Test
    void mapsAndScriptsTakeLittleRoom() {
        int side = 128;
        double[] hertz = new double[side];
        Arrays.setAll(hertz, row -> 60 * (row + 1));
        TimeFrequencyAxes axes = new TimeFrequencyAxes(hertz, side, 0.0225);
        Random random = new Random(5);
        List<Track> tracks = new ArrayList<>();
        List<Card> still = new ArrayList<>();
        float[] silence = new float[16];
        for (int k = 0; k < 6; k++) {
            float[][] map = new float[side][side];
            for (float[] row : map) {
                for (int frame = 0; frame < side; frame++) {
                    row[frame] = (float) (random.nextGaussian() * Math.abs(random.nextGaussian()));
                }
            }
            tracks.add(new Track("concept-" + k, "Concept " + k, silence, k == 0 ? null : map, 0.2, 0.2));
            still.add(Card.of("c", Picture.of(MapPanel.relevance("c", map, axes, 4, 1), "map"))
                    .sound("c.flac", SoundFiles.flacBytes(silence, ExampleRooms.RATE)));
        }
        float[][] spectrogram = tracks.get(1).relevance();
        String page =
                new ListeningRoom("noise", "a", axes, ExampleRooms.RATE, spectrogram, "dB", 1, tracks, still).toHtml();
        assertTrue(page.length() < 300_000, page.length() + " characters");
    }

    @Test
    void theSameRoomGivesTheSamePage() {
        assertEquals(ExampleRooms.room("a").toHtml(), ExampleRooms.room("a").toHtml());
    }
}
