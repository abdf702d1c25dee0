package unweave.bench.peers;

/** In which order PyTorch keeps the values of an image; convolutions follow the order of their weights. */
enum MemoryFormat {
    /** N C H W, the default. */
    CHANNELS_FIRST,
    /** N H W C. */
    CHANNELS_LAST
}
