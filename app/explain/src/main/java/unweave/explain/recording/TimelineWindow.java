package unweave.explain.recording;

import java.util.Optional;
import unweave.explain.Decision;

/**
 * One window of a recording.
 *
 * @param start in seconds from the beginning of the recording
 * @param end in seconds; the last window may be shorter than the model's input
 * @param peak largest |sample|; full scale is 1
 * @param decision empty where the window is silent and the front end takes no silence
 */
public record TimelineWindow(double start, double end, double peak, Optional<Decision> decision) {}
