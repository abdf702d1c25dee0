package unweave.kernels.profile;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * An operation of a backend, for Java Flight Recorder. On an asynchronous device its duration is that of queueing it.
 */
@Name("unweave.Operation")
@Label("Operation")
@Category("Unweave")
@StackTrace(false)
final class OperationEvent extends Event {
    @Label("Operation")
    String operation;

    @Label("Shape")
    String shape;

    @Label("Additions and Multiplications")
    double flops;

    @Label("Bytes Moved")
    @DataAmount
    long bytes;
}
