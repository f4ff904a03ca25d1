package io.crossfade.bench.load;

/**
 * How the rows of the table are spread over lists: users 1 to 24 have long lists, users from 1000
 * on have 1 to 15 rows. Row {@code j} of a list has the follower {@code 1000000 + 7 * j}.
 *
 * @param rows how many rows there are, about
 */
public record DataShape(int rows) {
  /** The users 1 to this one have long lists. */
  public static final int LONG_LISTS = 24;

  /** The first user with a short list. */
  public static final int FIRST_SHORT = 1000;

  /** Short lists have 1 to this many rows. */
  public static final int SHORT_SIZES = 15;

  /** With fewer rows the long lists have fewer than 5,000. */
  public static final int ROWS_FOR_LISTS_OF_5000 = 200_000;

  /** With fewer rows there are no lists to speak of. */
  public static final int FEWEST_ROWS = 1_000;

  public DataShape {
    if (rows < FEWEST_ROWS) {
      throw new IllegalArgumentException("at least " + FEWEST_ROWS + " rows are needed: " + rows);
    }
  }

  /** Rows in each of the long lists. */
  public int longSize() {
    return rows / 5 * 3 / LONG_LISTS;
  }

  /** How many short lists there are. */
  public int shortLists() {
    return rows / 5 * 2 / ((1 + SHORT_SIZES) / 2);
  }

  /** Rows in the list of {@code user}. */
  public int size(long user) {
    return user <= LONG_LISTS ? longSize() : 1 + (int) ((user - FIRST_SHORT) % SHORT_SIZES);
  }

  /** The follower in the {@code position}th row of any list. */
  public static long follower(int position) {
    return 1_000_000L + 7L * position;
  }
}
