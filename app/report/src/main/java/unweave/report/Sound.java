package unweave.report;

import java.nio.ByteBuffer;

/**
 * A WAV or FLAC file to be played on the page.
 *
 * @param label what it is, above the player; empty where it is alone and needs no name
 * @param fileName the file's name relative to the report, with "/" between folders; in print it stands for the player
 * @param bytes the file, which the page then holds; null for one that lies beside the page. Not modified
 */
public record Sound(String label, String fileName, byte[] bytes) {

    private static final int WAV = 0x52494646; // RIFF
    private static final int FLAC = 0x664c6143; // fLaC

    /** @throws IllegalArgumentException when the bytes do not start as a WAV or a FLAC file does */
    public Sound {
        if (bytes != null && (bytes.length < 12 || (magic(bytes) != WAV && magic(bytes) != FLAC))) {
            throw new IllegalArgumentException(fileName + ": the bytes are neither a WAV nor a FLAC file");
        }
    }

    private static int magic(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getInt();
    }

    /** A sound without a label. */
    public Sound(String fileName, byte[] bytes) {
        this("", fileName, bytes);
    }

    /** A file beside the page, which is read when it is played: a page of many sounds opens at once. */
    public static Sound beside(String label, String fileName) {
        return new Sound(label, fileName, null);
    }

    /** Whether the file lies beside the page. */
    boolean isBeside() {
        return bytes == null;
    }

    /** The player, which print replaces by the file's name. */
    void write(Html html, String what) {
        write(html, what, null);
    }

    /**
     * A player without a menu, for little room: Chromium drops the play button before the menu when there is less than
     * 100 px.
     */
    void writeSmall(Html html, String what) {
        write(html, what, "nodownload noplaybackrate");
    }

    private void write(Html html, String what, String without) {
        if (!label.isEmpty()) {
            html.element("p", label, "class", "quiet");
        }
        String name = what + ", " + (label.isEmpty() ? "sound" : label);
        html.open(
                        "audio",
                        "controls",
                        "",
                        "controlslist",
                        without,
                        "preload",
                        isBeside() ? "none" : "metadata",
                        "aria-label",
                        name,
                        "src",
                        isBeside()
                                ? Html.relativeUrl(fileName)
                                : Picture.dataUri(magic(bytes) == WAV ? "audio/wav" : "audio/flac", bytes))
                .close();
        html.element("p", "Sound: " + fileName, "class", "in-print");
    }
}
