package unweave.explain.data;

/** What a sound is used for. */
public enum Split {
    TRAIN,
    VALIDATION,
    TEST
}
