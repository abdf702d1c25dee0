package unweave.kernels.profile;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A span ({@link unweave.kernels.Spans}), for Java Flight Recorder. */
@Name("unweave.Span")
@Label("Span")
@Category("Unweave")
@StackTrace(false)
final class SpanEvent extends Event {
    @Label("Kind")
    String kind;

    @Label("Name")
    String name;
}
