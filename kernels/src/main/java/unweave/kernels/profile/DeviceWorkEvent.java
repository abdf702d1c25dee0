package unweave.kernels.profile;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A kernel or copy that an asynchronous device has finished, for Java Flight Recorder; recorded later than it ran. */
@Name("unweave.DeviceWork")
@Label("Device Work")
@Category("Unweave")
@StackTrace(false)
final class DeviceWorkEvent extends Event {
    @Label("Stream")
    String stream;

    @Label("Kernel or Copy")
    String work;

    @Label("Time on the Device")
    @Timespan(Timespan.NANOSECONDS)
    long deviceTime;

    @Label("Additions and Multiplications")
    double flops;

    @Label("Bytes Moved")
    @DataAmount
    long bytes;
}
