package unweave.cli.console;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import unweave.explain.progress.Progress;
import unweave.kernels.VisibleText;

/** A bar with the time left, for terminals; it is cleared when the work ends. */
final class BarProgress implements Progress {
    private static final int WIDTH = 100;
    private final ProgressBar bar;

    BarProgress(String task, long total, PrintStream stream) {
        bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .setConsumer(new ConsoleProgressBarConsumer(stream, WIDTH))
                .clearDisplayOnFinish()
                .build();
    }

    @Override
    public void at(long done, String detail) {
        bar.stepTo(done);
        bar.setExtraMessage(VisibleText.line(detail));
    }

    @Override
    public void close() {
        bar.close();
    }
}
