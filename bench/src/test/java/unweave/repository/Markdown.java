package unweave.repository;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What can go stale in a Markdown page.
 *
 * @param anchors what GitHub makes of the headings
 * @param links the targets of links and images
 * @param code the text of code spans
 * @param commands the lines of fenced blocks without a language, continuation lines joined
 * @param java the fenced blocks of Java
 */
record Markdown(Set<String> anchors, List<String> links, List<String> code, List<String> commands, List<String> java) {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

    static Markdown read(Path file) throws IOException {
        Markdown page = new Markdown(
                new HashSet<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        String fence = null;
        StringBuilder text = new StringBuilder();
        StringBuilder command = new StringBuilder();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("```")) {
                fence = fence == null ? line.substring(3) : null;
                if ("java".equals(fence)) {
                    page.java.add("");
                }
            } else if (fence == null) {
                text.append(line).append('\n');
                if (line.startsWith("#")) {
                    page.anchors.add(anchor(line));
                }
            } else if (fence.equals("java")) {
                page.java.add(page.java.remove(page.java.size() - 1) + line + '\n');
            } else if (fence.isEmpty() || fence.equals("sh")) {
                command.append(line);
                if (line.endsWith("\\")) {
                    command.setLength(command.length() - 1);
                } else {
                    page.commands.add(command.toString().strip());
                    command.setLength(0);
                }
            }
        }
        CODE.matcher(text).results().forEach(span -> page.code.add(span.group(1).replace('\n', ' ')));
        LINK.matcher(CODE.matcher(text).replaceAll("")).results().forEach(link -> page.links.add(link.group(1)));
        return page;
    }

    private static String anchor(String heading) {
        return heading.replaceFirst("#+ ", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    /** The words of a command as a shell would split them, up to a comment or to where its output goes. */
    static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        Matcher word = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)").matcher(command);
        while (word.find()) {
            if (word.group(3) == null) {
                words.add(word.group(1) == null ? word.group(2) : word.group(1));
            } else if (word.group(3).matches("#.*|[|>].*|&&")) {
                break;
            } else {
                words.add(word.group(3));
            }
        }
        return words;
    }
}
