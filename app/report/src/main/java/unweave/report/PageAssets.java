package unweave.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** The style sheets and scripts that pages are built with, files of their own among the resources. */
final class PageAssets {
    /** In this order: each uses those before it. */
    private static final List<String> SCRIPTS = List.of(
            "data.js",
            "picture.js",
            "studio.js",
            "view.js",
            "lanes.js",
            "controls.js",
            "mixer.js",
            "gestures.js",
            "keys.js",
            "room.js",
            "furnish.js");

    private PageAssets() {}

    /** What all pages look like. */
    static String styleSheet() {
        return read("report.css");
    }

    /** What pages with a listening room look like beside. */
    static String roomStyleSheet() {
        return read("room/room.css");
    }

    /** The script that furnishes the listening rooms of a page. */
    static String roomScript() {
        StringBuilder script = new StringBuilder("\"use strict\";\n(() => {\n");
        SCRIPTS.forEach(name -> script.append(read("room/" + name)));
        return script.append("})();\n").toString();
    }

    /** A source of a content policy that allows an element with this content only. */
    static String hash(String content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    private static String read(String name) {
        try (InputStream in = PageAssets.class.getResourceAsStream(name)) {
            // Every page holds them: without indentation and comments they are smaller by a quarter.
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replaceAll("(?s)/\\*.*?\\*/", "")
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("//"))
                    .collect(Collectors.joining("\n", "", "\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
