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

    @Test
    void whatSteersATerminalAndWhatIsTooLongIsLeftOut() {
        FolderNames names = new FolderNames();
        assertEquals("_[31mred", names.of(Path.of("\u001b[31mred.wav")));
        assertEquals("__31mred", names.ofClass("\u001b[31mred"));
        assertEquals("x".repeat(200), names.ofClass("x".repeat(5000)));
        assertEquals("x".repeat(200) + "-2", names.ofClass("x".repeat(5001)));
        assertEquals("\u72d7".repeat(66), names.ofClass("\u72d7".repeat(300)));
        assertEquals("a" + "\ud83d\udc15".repeat(49), names.of(Path.of("a" + "\ud83d\udc15".repeat(60))));
    }

    /** A file system that composes accents would write both into one folder. */
    @Test
    void theSameAccentsWrittenInTwoWaysAreTwoNames() {
        FolderNames names = new FolderNames();
        assertEquals("gr\u00fcn", names.ofClass("gr\u00fcn"));
        assertEquals("gru_n", names.ofClass("gru\u0308n"));
        assertEquals("gru\u0308n-2", names.of(Path.of("gru\u0308n.wav")));
    }
}
