package unweave.report;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import unweave.audio.file.SoundFiles;
import unweave.explain.TimeFrequencyAxes;
import unweave.explain.output.Json;

/**
 * An explanation to play with: a spectrogram with relevance laid over it, and the sounds of all its parts, which are
 * switched and mixed while they play. {@link #toHtml} makes a page of it:
 *
 * <pre>{@code
 * Files.writeString(Path.of("dog.html"), ExplanationRoom.of("dog.wav", explanation, view, 1).toHtml());
 * }</pre>
 *
 * @param title what sets this sound apart from others on the page
 * @param explained the class that the relevance speaks for
 * @param axes of the spectrogram and the maps
 * @param sampleRate of all sounds, in Hz
 * @param spectrogram [rows][frames]. Not modified
 * @param unit of the spectrogram's values, such as "dB"
 * @param emphasis the relevance R of the largest m is laid over with (|R| / m)^(1 / emphasis) of full colour; 1 or more
 * @param tracks the input first
 * @param still the same as pictures and players, in the order of the tracks: what print and browsers without scripts
 *     show. The room plays their sounds where the page holds them
 */
public record ListeningRoom(
        String title,
        String explained,
        TimeFrequencyAxes axes,
        int sampleRate,
        float[][] spectrogram,
        String unit,
        double emphasis,
        List<Track> tracks,
        List<Card> still) {

    public ListeningRoom {
        tracks = List.copyOf(tracks);
        still = List.copyOf(still);
        if (tracks.isEmpty() || tracks.get(0).relevance() != null) {
            throw new IllegalArgumentException(title + ": the first track is the input, which has no relevance");
        }
    }

    /** This room with other titles of tracks, by their names; those that are not named keep their own. */
    public ListeningRoom titled(Map<String, String> titles) {
        List<Track> others = new ArrayList<>();
        List<Card> cards = new ArrayList<>();
        for (int i = 0; i < tracks.size(); i++) {
            String title =
                    titles.getOrDefault(tracks.get(i).name(), tracks.get(i).title());
            others.add(tracks.get(i).titled(title));
            if (i < still.size()) {
                cards.add(still.get(i).titled(title));
            }
        }
        return new ListeningRoom(this.title, explained, axes, sampleRate, spectrogram, unit, emphasis, others, cards);
    }

    /** A page of this explanation alone. */
    public String toHtml() {
        return new ReportPage(title).kicker("Unweave explanation").room(this).toHtml();
    }

    /**
     * A script that gives a page the room with its sounds: pages may load it when it is wanted, also where they are
     * files themselves and may not read others.
     *
     * @param key what the page calls the room
     */
    public String script(String key) {
        return "unweave.room(" + inScript(Json.line(key)) + "," + json(true) + ");\n";
    }

    /** The data without the sounds, which the page holds in its players. */
    String json() {
        return json(false);
    }

    private String json(boolean withSounds) {
        double limit = 0;
        for (Track track : tracks) {
            limit = Math.max(limit, QuantisedMap.largest(track.relevance()));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("title", title);
        json.put("explained", explained);
        json.put("rate", sampleRate);
        json.put("rows", axes.mels());
        json.put("frames", axes.frames());
        json.put("hertz", rounded(axes.centreHz()));
        json.put("hop", axes.secondsPerFrame());
        json.put("first", axes.firstSeconds());
        json.put("unit", unit);
        json.put("emphasis", emphasis);
        json.put("limit", limit);
        json.put("spectrogram", QuantisedMap.linear(spectrogram).json());
        List<Map<String, Object>> entries = new ArrayList<>();
        for (Track track : tracks) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", track.name());
            entry.put("title", track.title());
            entry.put("share", track.share());
            entry.put("loudness", track.loudness());
            if (track.relevance() != null) {
                entry.put(
                        "relevance",
                        QuantisedMap.signed(track.relevance(), limit).json());
            }
            if (withSounds) {
                byte[] flac = SoundFiles.flacBytes(track.signal(), sampleRate);
                entry.put("sound", Base64.getEncoder().encodeToString(flac));
            }
            entries.add(entry);
        }
        json.put("tracks", entries);
        return inScript(Json.line(json));
    }

    /** Within a page no text may end the script. */
    private static String inScript(String json) {
        return json.replace("<", "\\u003c");
    }

    private static double[] rounded(double[] hertz) {
        double[] tenths = new double[hertz.length];
        for (int row = 0; row < tenths.length; row++) {
            tenths[row] = Math.rint(hertz[row] * 10) / 10;
        }
        return tenths;
    }
}
