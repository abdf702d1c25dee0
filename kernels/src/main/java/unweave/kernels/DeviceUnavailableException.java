package unweave.kernels;

/** A device that was asked for cannot be used here: the message says what is missing and what would be right. */
public final class DeviceUnavailableException extends BadInputException {
    private static final long serialVersionUID = 1L;

    private final boolean expected;

    /**
     * @param expected whether nobody expects such a device here, since the machine has no driver for it: not worth a
     *     remark to people who did not ask for one
     */
    public DeviceUnavailableException(String message, boolean expected, Throwable cause) {
        super(message, cause);
        this.expected = expected;
    }

    /** Whether nobody expects such a device here. */
    public boolean expected() {
        return expected;
    }
}
