package unweave.kernels;

/**
 * Wrong input: a file, a setting, a name or a number. The message is one line for people: what was wrong, where, and
 * what would be right. Control characters, which names in damaged files may hold, are shown as \\u001b and so on, so
 * that they reach no terminal. It is the only exception that means a mistake of the user; every other
 * {@link RuntimeException} is a defect of ours.
 */
public class BadInputException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** @param message one line: what was wrong, where, and what would be right */
    public BadInputException(String message) {
        super(message == null ? null : VisibleText.line(message));
    }

    /** As {@link #BadInputException(String)}, with what caused it. */
    public BadInputException(String message, Throwable cause) {
        super(message == null ? null : VisibleText.line(message), cause);
    }
}
