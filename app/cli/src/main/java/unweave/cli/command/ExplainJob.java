package unweave.cli.command;

import java.io.IOException;
import unweave.explain.Explainer;
import unweave.explain.output.OutputFolder;
import unweave.report.explanation.ExplainRun;

/** One way to use {@link ExplainCommand}: what its sounds are, and what is written about them. */
interface ExplainJob {
    /** The smallest and the largest value in the inputs that the network gets of the sounds, for z-box(data). */
    float[] bounds() throws IOException;

    /** Explains. Whatever is wrong with the sounds is found before the first file is written. */
    void run(Explainer explainer, ExplainRun run, OutputFolder folder) throws IOException;
}
