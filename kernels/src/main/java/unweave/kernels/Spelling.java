package unweave.kernels;

import java.util.Collection;
import java.util.Locale;

/** What someone may have meant who misspelt a name. */
public final class Spelling {
    /** Names of more characters are no slips of the pen. */
    private static final int LONGEST = 60;

    private Spelling() {}

    /**
     * " (did you mean NAME?)" with the known name that is closest to the given one, or nothing where none is close: at
     * most a third of its characters may be changed, added, left out or swapped with their neighbours. Upper and lower
     * case count alike.
     */
    public static String hint(String given, Collection<String> known) {
        String wanted = given.toLowerCase(Locale.ROOT);
        String closest = null;
        int least = Integer.MAX_VALUE;
        if (wanted.length() <= LONGEST) {
            for (String name : known) {
                int most = Math.max(1, Math.max(wanted.length(), name.length()) / 3);
                int distance = name.length() > LONGEST ? LONGEST : distance(wanted, name.toLowerCase(Locale.ROOT));
                if (distance <= most && distance < least && distance < wanted.length()) {
                    closest = name;
                    least = distance;
                }
            }
        }
        return closest == null ? "" : " (did you mean " + closest + "?)";
    }

    /**
     * The fewest changes that turn one text into the other, the optimal string alignment distance: Damerau, "A
     * technique for computer detection and correction of spelling errors" (1964).
     */
    static int distance(String a, String b) {
        int[][] changes = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    changes[i][j] = i + j;
                    continue;
                }
                int other = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int least = Math.min(changes[i - 1][j], changes[i][j - 1]) + 1;
                least = Math.min(least, changes[i - 1][j - 1] + other);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                changes[i][j] = swapped ? Math.min(least, changes[i - 2][j - 2] + 1) : least;
            }
        }
        return changes[a.length()][b.length()];
    }
}
