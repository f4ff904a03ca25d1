package io.crossfade.readswitch.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.Row;
import io.crossfade.api.value.ColumnType;
import io.crossfade.api.value.ColumnType.Kind;
import io.crossfade.readswitch.Follower;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ListingTest {
  private static final RowOrder DESCENDING =
      new RowOrder(
          List.of(
              new RowOrder.Part(
                  1, TextOrder.sorting(ColumnType.of(Kind.INT)).orElseThrow(), true)));
  private static final Projection ID = new Projection(List.of(new Projection.Column(0, null)));

  /**
   * MySQL may return rows that compare equal in any order: a page is proven if that is no choice.
   */
  @Property(tries = 300)
  void aPageIsProvenExactlyWhenEveryOrderOfTiesGivesIt(
      @ForAll @Size(max = 7) List<@IntRange(max = 5) Integer> values,
      @ForAll @IntRange(max = 6) int offset,
      @ForAll @IntRange(max = 4) int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      rows.add(row(i, values.get(i)));
    }
    Set<List<String>> answers = new HashSet<>();
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      List<Row> shuffled = new ArrayList<>(rows);
      Collections.shuffle(shuffled, random);
      shuffled.sort(DESCENDING);
      answers.add(shuffled.stream().skip(offset).limit(count).map(ListingTest::id).toList());
    }
    ReadResult result = new Shape.Listing(DESCENDING, offset, count, ID).ofUnsorted(rows);
    assertThat(result.isProven()).isEqualTo(answers.size() == 1);
    if (result.isProven()) {
      assertThat(answers).containsExactly(result.rows().stream().map(ListingTest::id).toList());
    } else {
      assertThat(result.unproven()).isEqualTo("tie");
    }
  }

  @Property
  void skippedRowsChangeNothing(
      @ForAll @IntRange(min = 1, max = 20) int size,
      @ForAll @IntRange(max = 22) int offset,
      @ForAll @IntRange(max = 5) int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      rows.add(row(i, size - i));
    }
    Shape.Listing listing = new Shape.Listing(DESCENDING, offset, count, ID);
    int skipped = (int) Math.min(listing.skippable(), size);
    List<String> whole = listing.of(rows, 0).rows().stream().map(ListingTest::id).toList();
    int end = (int) Math.min(size, listing.wanted());
    assertThat(
            listing.of(rows.subList(Math.min(skipped, end), end), skipped).rows().stream()
                .map(ListingTest::id))
        .isEqualTo(whole);
  }

  @Test
  void withoutOrderOnlyASingleRowIsProven() {
    Shape.Listing listing = new Shape.Listing(RowOrder.NONE, 0, 1, ID);
    assertThat(listing.ofUnsorted(List.of(row(1, 1))).isProven()).isTrue();
    assertThat(listing.ofUnsorted(List.of(row(1, 1), row(2, 2))).unproven()).isEqualTo("no-order");
    assertThat(listing.ofUnsorted(List.of()).rows()).isEmpty();
  }

  @Test
  void rowsInAnOrderOtherThanClaimedAreNotProven() {
    assertThat(
            new Shape.Listing(DESCENDING, 0, 5, ID).of(List.of(row(1, 1), row(2, 2)), 0).unproven())
        .isEqualTo("disorder");
  }

  @Test
  void nullsComeFirstAscendingAndLastDescending() {
    Row none = new Row(new byte[][] {Follower.ascii("1"), null});
    Row some = row(2, -5);
    assertThat(DESCENDING.compare(none, some)).isPositive();
    RowOrder ascending =
        new RowOrder(List.of(new RowOrder.Part(1, DESCENDING.parts().get(0).texts(), false)));
    assertThat(ascending.compare(none, some)).isNegative();
    assertThat(ascending.compare(none, none)).isZero();
  }

  private static Row row(int id, int value) {
    return new Row(
        new byte[][] {
          Follower.ascii(Integer.toString(id)), Follower.ascii(Integer.toString(value))
        });
  }

  private static String id(Row row) {
    return new String(row.get(0), java.nio.charset.StandardCharsets.US_ASCII);
  }
}
