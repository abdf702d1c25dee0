package unweave.kernels;

/**
 * Names and messages fit to be shown. A class or a file may be named with characters that move a terminal's cursor,
 * colour it or turn the direction of the text around. Such a character is shown as JSON writes it, by its number.
 */
public final class VisibleText {
    private VisibleText() {}

    /**
     * One line in which every character is seen: line breaks, tabs, other control characters, those that turn the
     * direction of text, and halves of characters are written out.
     */
    public static String line(String text) {
        return visible(text, "");
    }

    /** As {@link #line}, but line breaks stay: for texts of several lines, such as JSON. */
    public static String lines(String text) {
        return visible(text, "\n");
    }

    /**
     * At most so many characters of a line: its beginning and its end, which say what was wrong and what would be
     * right, with " ... " between them.
     *
     * @param most at least 20
     */
    public static String shortened(String line, int most) {
        if (line.length() <= most) {
            return line;
        }
        String gap = " ... ";
        int end = (most - gap.length()) * 2 / 5;
        int start = most - gap.length() - end;
        int from = line.length() - end;
        // A character of two halves is kept or left out as a whole.
        start -= Character.isHighSurrogate(line.charAt(start - 1)) ? 1 : 0;
        from += Character.isLowSurrogate(line.charAt(from)) ? 1 : 0;
        return line.substring(0, start) + gap + line.substring(from);
    }

    /** @param kept characters that stay as they are */
    private static String visible(String text, String kept) {
        StringBuilder shown = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isHidden(text, i) && kept.indexOf(c) < 0) {
                if (shown == null) {
                    shown = new StringBuilder(text.length() + 16).append(text, 0, i);
                }
                shown.append(code(c));
            } else if (shown != null) {
                shown.append(c);
            }
        }
        return shown == null ? text : shown.toString();
    }

    /** A backslash, u, and four hex digits. */
    public static String code(char c) {
        return "\\u" + Integer.toHexString(0x10000 | c).substring(1);
    }

    private static boolean isHidden(String text, int place) {
        char c = text.charAt(place);
        if (Character.isHighSurrogate(c)) {
            return place + 1 == text.length() || !Character.isLowSurrogate(text.charAt(place + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return place == 0 || !Character.isHighSurrogate(text.charAt(place - 1));
        }
        return isHidden(c);
    }

    /** Control characters, line and paragraph separators, marks of direction that reach beyond a name, and U+FEFF. */
    public static boolean isHidden(char c) {
        return c < ' '
                || (c >= 0x7f && c <= 0x9f)
                || (c >= 0x2028 && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069)
                || c == 0xfeff;
    }
}
