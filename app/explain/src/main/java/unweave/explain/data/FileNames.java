package unweave.explain.data;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import unweave.kernels.BadInputException;

/**
 * File names as text. To Linux they are bytes; Java decodes them by the encoding of the locale, and puts U+FFFD where
 * that fails. Such a name says nothing, and different files may share it.
 */
public final class FileNames {
    private static final char UNDECODED = '\ufffd';

    private FileNames() {}

    /**
     * Refuses a file or folder whose name cannot be decoded.
     *
     * @throws BadInputException in one line, with the bytes of the name
     */
    public static void requireText(Path file) {
        if (file.toString().indexOf(UNDECODED) >= 0) {
            throw new BadInputException(
                    file.toUri().getRawPath() + ": this name (% stands before a byte) is not text in " + remedy());
        }
    }

    /**
     * Refuses a text from the command line or a file in which characters were lost.
     *
     * @param what it is, such as "argument"
     * @throws BadInputException in one line
     */
    public static void requireText(String what, String text) {
        if (text.indexOf(UNDECODED) >= 0) {
            throw new BadInputException(
                    what + " \"" + text + "\": the characters shown as " + UNDECODED + " are not text in " + remedy());
        }
    }

    /** Why a text is no file name, in one line. */
    public static String reason(InvalidPathException problem) {
        return problem.getInput().indexOf('\0') >= 0
                ? problem.getInput() + ": a file name cannot hold the character of code 0"
                : problem.getInput() + ": this name cannot be written in " + remedy();
    }

    private static String remedy() {
        String encoding = System.getProperty("sun.jnu.encoding", "the locale's encoding");
        return encoding.equalsIgnoreCase("UTF-8")
                ? "UTF-8; give it another name"
                : encoding + ", the encoding of the locale; set one with UTF-8, such as LC_ALL=C.UTF-8";
    }
}
