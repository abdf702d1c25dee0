package unweave.kernels;

import java.util.Locale;

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
        super(visible(message));
    }

    /** As {@link #BadInputException(String)}, with what caused it. */
    public BadInputException(String message, Throwable cause) {
        super(visible(message), cause);
    }

    private static String visible(String message) {
        if (message == null || message.chars().noneMatch(Character::isISOControl)) {
            return message;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            text.append(Character.isISOControl(c) ? String.format(Locale.ROOT, "\\u%04x", (int) c) : String.valueOf(c));
        }
        return text.toString();
    }
}
