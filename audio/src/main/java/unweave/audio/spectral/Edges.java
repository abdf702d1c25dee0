package unweave.audio.spectral;

/** What a short-time Fourier transform sees where its frames reach beyond the signal. */
public enum Edges {
    /** Frames are centred on the multiples of the hop; the signal is mirrored, the edge sample not repeated. */
    REFLECT,
    /** Frames are centred on the multiples of the hop; zeros lie around the signal. */
    ZERO,
    /** Frames are centred on the multiples of the hop; the edge sample is repeated. */
    REPLICATE,
    /** Frames begin at the multiples of the hop and lie inside the signal; a rest that fills no frame is not seen. */
    NONE
}
