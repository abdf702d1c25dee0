package unweave.cli.profile;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import unweave.kernels.profile.Cost;
import unweave.kernels.profile.Timeline;

/**
 * A timeline in the "Trace Event Format" of Chrome (Google, 2016), which Perfetto reads too: one complete event ("ph":
 * "X") for each span, operation and piece of device work, in microseconds since the beginning; the threads of the host
 * are threads of process 1, the streams of the device of process 2.
 */
final class ChromeTrace {
    private static final int HOST = 1;
    private static final int DEVICE = 2;

    private final Timeline timeline;
    private final String description;

    /** @param description of the device that computed */
    ChromeTrace(Timeline timeline, String description) {
        this.timeline = timeline;
        this.description = description;
    }

    /** Writes the whole file; flushes the stream, does not close it. */
    void write(OutputStream out) throws IOException {
        JsonWriter json = new JsonWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        json.beginObject();
        json.name("displayTimeUnit").value("ms");
        json.name("otherData")
                .beginObject()
                .name("device")
                .value(description)
                .name("dropped")
                .value(timeline.dropped())
                .endObject();
        json.name("traceEvents").beginArray();
        name(json, "process_name", HOST, 0, "host");
        name(json, "process_name", DEVICE, 0, description);
        for (Timeline.Track track : timeline.tracks()) {
            name(json, "thread_name", process(track), track.number(), track.name());
        }
        for (Timeline.Piece piece : timeline.pieces()) {
            complete(json, piece);
        }
        json.endArray().endObject();
        json.flush();
    }

    private static int process(Timeline.Track track) {
        return track.device() ? DEVICE : HOST;
    }

    private static void name(JsonWriter json, String what, int process, int thread, String name) throws IOException {
        json.beginObject()
                .name("name")
                .value(what)
                .name("ph")
                .value("M")
                .name("pid")
                .value(process)
                .name("tid")
                .value(thread);
        json.name("args").beginObject().name("name").value(name).endObject();
        json.endObject();
    }

    private void complete(JsonWriter json, Timeline.Piece piece) throws IOException {
        Cost cost = piece.cost();
        json.beginObject();
        json.name("name")
                .value(
                        cost == null
                                ? piece.kind() + " " + piece.name()
                                : piece.name().toString());
        json.name("cat").value(cost == null ? "span" : piece.kind());
        json.name("ph")
                .value("X")
                .name("pid")
                .value(process(piece.track()))
                .name("tid")
                .value(piece.track().number());
        json.name("ts").jsonValue(microseconds(piece.begin() - timeline.start()));
        json.name("dur").jsonValue(microseconds(piece.end() - piece.begin()));
        if (cost != null) {
            json.name("args").beginObject();
            if (piece.shape() != null) {
                json.name("shape").value(piece.shape().toString());
            }
            json.name("flops").value((long) cost.flops()).name("bytes").value((long) cost.bytes());
            json.endObject();
        }
        json.endObject();
    }

    /** With all three decimals, since some pieces are short. */
    private static String microseconds(long nanoseconds) {
        return String.format(
                Locale.ROOT,
                "%s%d.%03d",
                nanoseconds < 0 ? "-" : "",
                Math.abs(nanoseconds) / 1000,
                Math.abs(nanoseconds) % 1000);
    }
}
