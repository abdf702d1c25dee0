package unweave.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every jar has a module name of its own, and the bill of materials lists every artifact that is published. */
class ArtifactsTest {
    private static final Pattern ARTIFACT = Pattern.compile("(?m)^  <artifactId>([^<]+)</artifactId>");
    private static final Pattern MODULE = Pattern.compile("<moduleName>(unweave(?:\\.[a-z]+)+)</moduleName>");

    @Test
    void everyJarIsNamedAndListed() throws IOException {
        String bom = Files.readString(Repository.ROOT.resolve("app/bom/pom.xml"));
        List<String> names = new ArrayList<>();
        for (Path file : Repository.files("pom.xml")) {
            String pom = Files.readString(file);
            boolean foreign = !pom.contains("<parent>"); // the program of a user, which a test builds
            if (foreign || pom.contains("<packaging>pom</packaging>")) {
                continue;
            }
            String artifact = first(ARTIFACT, pom, file);
            names.add(first(MODULE, pom, file));
            boolean published = !pom.contains("<maven.deploy.skip>true</maven.deploy.skip>");
            assertEquals(
                    published, bom.contains("<artifactId>" + artifact + "</artifactId>"), artifact + " in the BOM");
        }
        assertEquals(names.stream().distinct().toList(), names);
    }

    private static String first(Pattern pattern, String text, Path file) {
        Matcher matcher = pattern.matcher(text);
        assertTrue(matcher.find(), () -> file + " has no " + pattern);
        return matcher.group(1);
    }
}
