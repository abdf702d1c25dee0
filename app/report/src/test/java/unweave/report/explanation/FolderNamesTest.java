package unweave.report.explanation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FolderNamesTest {
    @Test
    void soundsOfOneNameGetFoldersOfTheirOwn() {
        FolderNames names = new FolderNames("report.html");
        assertEquals("kick", names.of(Path.of("a/kick.wav")));
        assertEquals("kick-2", names.of(Path.of("b/kick.aiff")));
        assertEquals("kick-2-2", names.of(Path.of("kick-2.wav")));
        assertEquals("KICK-3", names.of(Path.of("KICK.wav")));
        assertEquals("report.html-2", names.of(Path.of("report.html.wav")));
    }

    @Test
    void classesKeepTheirNamesWhereFoldersCanHaveThem() {
        FolderNames names = new FolderNames("report.html");
        assertEquals("hip hop", names.ofClass("hip hop"));
        assertEquals("M\u00e4rsche 2.0", names.ofClass("M\u00e4rsche 2.0"));
        assertEquals("R_B", names.ofClass("R&B"));
        assertEquals("R_B-2", names.ofClass("R/B"));
        assertEquals("sound", names.ofClass(".."));
    }

    @Test
    void noNameIsHiddenOrLeadsOutOfTheFolder() {
        FolderNames names = new FolderNames();
        assertEquals("hidden", names.of(Path.of(".hidden.wav")));
        assertEquals("sound", names.of(Path.of("...wav")));
        assertEquals("wav", names.of(Path.of(".wav")));
        assertEquals("take 1", names.of(Path.of("take 1 .wav")));
    }
}
