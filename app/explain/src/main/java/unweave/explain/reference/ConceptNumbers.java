package unweave.explain.reference;

import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import unweave.kernels.BadInputException;

/** Which concepts to show, written as numbers from 1 and ranges: "1-3,7". */
public final class ConceptNumbers {
    /** Shown where nothing was chosen: with single channels as concepts there are dozens. */
    public static final int DEFAULT = 8;

    private static final Pattern RANGE = Pattern.compile("\\s*(\\d{1,6})\\s*(?:-\\s*(\\d{1,6})\\s*)?");

    private ConceptNumbers() {}

    /**
     * Reads a list.
     *
     * @param text null for the first {@value #DEFAULT} at most
     * @param available K
     * @return numbers from 0, ascending, each once
     * @throws BadInputException if the text is no such list, or a concept does not exist
     */
    public static List<Integer> of(String text, int available) {
        if (text == null) {
            return IntStream.range(0, Math.min(DEFAULT, available)).boxed().toList();
        }
        TreeSet<Integer> numbers = new TreeSet<>();
        for (String part : text.split(",", -1)) {
            Matcher range = RANGE.matcher(part);
            int first = range.matches() ? Integer.parseInt(range.group(1)) : 0;
            int last = first > 0 && range.group(2) != null ? Integer.parseInt(range.group(2)) : first;
            if (first < 1 || last < first || last > available) {
                throw new BadInputException("--concepts " + text + ": expected numbers and ranges from 1 to "
                        + available + ", such as " + (available < 3 ? "1" : "1-2," + available));
            }
            IntStream.range(first - 1, last).forEach(numbers::add);
        }
        return List.copyOf(numbers);
    }
}
