package unweave.audio.file;

import java.io.IOException;

/**
 * A sound file that cannot be read or written. The message is one line: the file, what is wrong, what would be right.
 */
public class SoundFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    public SoundFormatException(String message) {
        super(message);
    }

    public SoundFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
