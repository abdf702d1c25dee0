package unweave.audio.file;

/** A sound that is not damaged, but coded in a way that no decoder here knows: FFmpeg may read it. */
final class ForeignSoundException extends SoundFormatException {
    private static final long serialVersionUID = 1L;

    ForeignSoundException(String message) {
        super(message);
    }
}
