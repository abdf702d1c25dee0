package unweave.drsa.reference;

/** How the values of all positions of a layer become the score of an input. */
public enum Aggregation {
    /** The sum of the values: how much of the concept there is in the input. */
    SUM,
    /** The largest value: how clearly the concept shows at one place. */
    MAX
}
