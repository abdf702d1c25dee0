package unweave.cli.command;

import java.nio.charset.Charset;
import picocli.CommandLine.Option;

/** How a manifest is read. */
final class ManifestOptions {
    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            description = "Encoding of a manifest, such as windows-1252 (default: UTF-8 or UTF-16, as found).")
    Charset encoding;
}
