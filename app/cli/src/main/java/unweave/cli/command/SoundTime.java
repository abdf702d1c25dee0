package unweave.cli.command;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A place in a sound: 90, 1:30 or 1:02:03.5. */
final class SoundTime implements ITypeConverter<Double> {
    private static final Pattern FORM = Pattern.compile("(?:(?:(\\d{1,6}):)?(\\d{1,6}):)?(\\d{1,9}(?:\\.\\d{1,9})?)");
    private static final int SIXTY = 60;

    /** @return seconds */
    @Override
    public Double convert(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw wrong(text);
        }
        double hours = matcher.group(1) == null ? 0 : Integer.parseInt(matcher.group(1));
        double minutes = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        double seconds = Double.parseDouble(matcher.group(3));
        boolean parts = matcher.group(2) != null;
        if ((parts && seconds >= SIXTY) || (matcher.group(1) != null && minutes >= SIXTY)) {
            throw wrong(text);
        }
        return (hours * SIXTY + minutes) * SIXTY + seconds;
    }

    private static TypeConversionException wrong(String text) {
        return new TypeConversionException(
                "'" + text + "' is no time in a sound; expected seconds such as 90 or 12.5, or 1:30," + " or 1:02:03");
    }
}
