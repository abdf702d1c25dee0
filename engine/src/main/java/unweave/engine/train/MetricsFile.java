package unweave.engine.train;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import unweave.engine.file.AtomicFile;

/** The records of a training as CSV, one line per epoch. */
final class MetricsFile {
    static final String HEADER = "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,seconds";

    private MetricsFile() {}

    /** Replaces the file by one with all epochs so far, so that it is whole at any time. */
    static void write(Path file, List<EpochRecord> history) throws IOException {
        StringBuilder csv = new StringBuilder(HEADER).append('\n');
        for (EpochRecord epoch : history) {
            csv.append(epoch.epoch())
                    .append(',')
                    .append(number(epoch.trainLoss()))
                    .append(',')
                    .append(number(epoch.trainAccuracy()))
                    .append(',')
                    .append(number(epoch.validationLoss()))
                    .append(',')
                    .append(number(epoch.validationAccuracy()))
                    .append(',')
                    .append(String.format(Locale.ROOT, "%.3f", epoch.seconds()))
                    .append('\n');
        }
        byte[] bytes = csv.toString().getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, out -> Channels.newOutputStream(out).write(bytes));
    }

    /** All digits that matter; nothing for NaN, an epoch without validation. */
    private static String number(double value) {
        return Double.isNaN(value) ? "" : Double.toString(value);
    }
}
