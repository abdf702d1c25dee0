package unweave.audio.file;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What kind of sound a file is, by its first bytes or, where these say nothing, by its name. */
public enum SoundKind {
    WAV("a WAV file", false, "wav", "wave", "bwf", "rf64"),
    AU("an AU file", false, "au", "snd"),
    AIFF("an AIFF file", false, "aif", "aiff", "aifc"),
    W64("a Wave64 file", false, "w64"),
    CAF("a CAF file", false, "caf"),
    FLAC("a FLAC file", false, "flac", "fla"),
    MPEG("an MP3 file", false, "mp3", "mp2", "mp1", "mpa", "mpga"),
    VORBIS("an Ogg Vorbis file", false, "ogg", "oga"),
    OGG("an Ogg file without Vorbis", true, "spx", "ogv", "ogx"),
    OPUS("an Opus file", true, "opus"),
    MP4("an MP4, M4A or QuickTime file", true, "m4a", "m4b", "mp4", "m4v", "mov", "3gp", "3g2", "qt", "alac"),
    AAC("an AAC file", true, "aac", "adts"),
    ASF("a WMA or WMV file", true, "wma", "wmv", "asf"),
    MATROSKA("a Matroska or WebM file", true, "mka", "mkv", "webm", "weba"),
    AVI("an AVI file", true, "avi"),
    FLV("a Flash video", true, "flv"),
    MPEG_VIDEO("an MPEG video", true, "mpg", "mpeg", "vob", "ts", "m2ts", "mts"),
    AMR("an AMR file", true, "amr", "awb"),
    AC3("an AC-3 file", true, "ac3", "eac3", "dts"),
    APE("a Monkey's Audio file", true, "ape"),
    WAVPACK("a WavPack file", true, "wv"),
    TTA("a TTA file", true, "tta"),
    MUSEPACK("a Musepack file", true, "mpc"),
    DSD("a DSD file", true, "dsf", "dff"),
    VOC("a VOC file", true, "voc"),
    SPHERE("a NIST SPHERE file", true, "sph", "nist");

    /** So many bytes from the beginning tell. */
    static final int START = 64;

    private static final String W64_RIFF = "riff.\u0091\u00CF\u0011\u00A5\u00D6(\u00DB\u0004\u00C1\u0000\u0000";

    private final String title;
    private final boolean foreign;

    @SuppressWarnings("ImmutableEnumChecker") // Set.of cannot be changed
    private final Set<String> extensions;

    SoundKind(String title, boolean foreign, String... extensions) {
        this.title = title;
        this.foreign = foreign;
        this.extensions = Set.of(extensions);
    }

    /** For messages, with its article: "an MP3 file". */
    public String title() {
        return title;
    }

    /** Whether it lies in the pages of Ogg. */
    boolean isOgg() {
        return this == VORBIS || this == OGG || this == OPUS;
    }

    /** Whether only FFmpeg reads it. */
    public boolean needsFfmpeg() {
        return foreign;
    }

    /** The kind that a file's name promises. */
    static Optional<SoundKind> ofName(String name) {
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        for (SoundKind kind : values()) {
            if (name.indexOf('.') >= 0 && kind.extensions.contains(extension)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /**
     * The kind that a file's beginning shows.
     *
     * @param start its first {@value #START} bytes, or all if there are fewer
     */
    static Optional<SoundKind> ofStart(byte[] start) {
        String text = new String(start, StandardCharsets.ISO_8859_1);
        if (text.startsWith("OggS")) {
            return Optional.of(ogg(text));
        }
        SoundKind kind = ofMarker(text);
        if (kind == null && start.length >= MpegHeader.SIZE) {
            int word = ByteBuffer.wrap(start).getInt();
            boolean adts = (word & 0xFFF60000) == 0xFFF00000;
            kind = adts ? AAC : MpegHeader.of(word) != null ? MPEG : null;
        }
        return Optional.ofNullable(kind);
    }

    private static SoundKind ogg(String text) {
        String packet = text.length() > 28 ? text.substring(28) : "";
        return packet.startsWith("\u0001vorbis") ? VORBIS : packet.startsWith("OpusHead") ? OPUS : OGG;
    }

    private static SoundKind ofMarker(String text) {
        String form = text.length() >= 12 ? text.substring(8, 12) : "";
        String four = text.length() >= 4 ? text.substring(0, 4) : "";
        return switch (four) {
            case "RIFF", "RIFX" -> form.equals("AVI ") ? AVI : WAV;
            case "RF64", "BW64" -> WAV;
            case ".snd" -> AU;
            case "FORM" -> AIFF;
            case "riff" -> text.startsWith(W64_RIFF) ? W64 : null;
            case "caff" -> CAF;
            case "fLaC" -> FLAC;
            case "\u001AE\u00DF\u00A3" -> MATROSKA;
            case "0&\u00B2u" -> ASF;
            case "FLV\u0001" -> FLV;
            case "\u0000\u0000\u0001\u00BA" -> MPEG_VIDEO;
            case "#!AM" -> AMR;
            case "MAC " -> APE;
            case "wvpk" -> WAVPACK;
            case "TTA1" -> TTA;
            case "MPCK", "MP+\u0007" -> MUSEPACK;
            case "DSD ", "FRM8" -> DSD;
            case "Crea" -> text.startsWith("Creative Voice File") ? VOC : null;
            case "NIST" -> SPHERE;
            default -> text.startsWith("ftyp", 4) ? MP4 : null;
        };
    }
}
