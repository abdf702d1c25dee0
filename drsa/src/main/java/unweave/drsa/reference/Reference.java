package unweave.drsa.reference;

/**
 * An input in which a concept shows.
 *
 * @param input its number, in the order in which inputs were added to the search
 * @param score by which it was chosen
 * @param row of the position of the layer where the concept's value is largest
 * @param column of that position
 */
public record Reference(int input, float score, int row, int column) {}
