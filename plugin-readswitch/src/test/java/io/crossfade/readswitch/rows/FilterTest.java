package io.crossfade.readswitch.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.Row;
import io.crossfade.api.sql.Condition.Op;
import io.crossfade.api.value.ColumnType;
import io.crossfade.api.value.ColumnType.Kind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.Scale;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.WithNull;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FilterTest {
  @Property
  void integersCompareAsNumbers(
      @ForAll @WithNull(0.2) @Nullable Long value,
      @ForAll @Size(min = 1, max = 3) List<@WithNull(0.2) Long> constants,
      @ForAll Op op) {
    check(Kind.BIGINT, value, constants, op, String::valueOf);
  }

  @Property
  void smallIntegersCompareAsNumbers(
      @ForAll @WithNull(0.2) @Nullable Byte value,
      @ForAll @Size(min = 1, max = 3) List<@WithNull(0.2) Byte> constants,
      @ForAll Op op) {
    check(Kind.TINYINT, value, constants, op, String::valueOf);
  }

  @Property
  void decimalsCompareAsNumbersWhateverTheirScale(
      @ForAll @BigRange(min = "-100", max = "100") @Scale(2) BigDecimal value,
      @ForAll @Size(min = 1, max = 2)
          List<@BigRange(min = "-100", max = "100") @Scale(3) BigDecimal> constants,
      @ForAll Op op) {
    check(Kind.DECIMAL, value, constants, op, BigDecimal::toPlainString);
  }

  @Property
  void datesCompareAsDays(
      @ForAll("days") LocalDate value, @ForAll("days") LocalDate constant, @ForAll Op op) {
    check(Kind.DATE, value, List.of(constant), op, LocalDate::toString);
  }

  @Provide
  Arbitrary<LocalDate> days() {
    return Arbitraries.longs().between(-300_000, 900_000).map(LocalDate::ofEpochDay);
  }

  /** SQL's rule, spelled out: a comparison with NULL is not true. */
  private static <T extends Comparable<? super T>> void check(
      Kind kind, @Nullable T value, List<T> constants, Op op, Function<T, String> text) {
    List<T> used = op == Op.IN ? constants : constants.subList(0, 1);
    boolean expected =
        switch (op) {
          case IS_NULL -> value == null;
          case IS_NOT_NULL -> value != null;
          case EQ, IN -> any(value, used, c -> c == 0);
          case LT -> any(value, used, c -> c < 0);
          case LE -> any(value, used, c -> c <= 0);
          case GT -> any(value, used, c -> c > 0);
          case GE -> any(value, used, c -> c >= 0);
        };
    Comparator<byte[]> order = TextOrder.of(ColumnType.of(kind)).orElseThrow();
    byte @Nullable [][] texts =
        used.stream().map(c -> c == null ? null : bytes(text.apply(c))).toArray(byte[][]::new);
    Filter filter = new Filter(List.of(new Filter.Test(0, op, Arrays.asList(texts), order)));
    Row row = new Row(new byte[][] {value == null ? null : bytes(text.apply(value))});
    assertThat(filter.matches(row)).isEqualTo(expected);
  }

  private static <T extends Comparable<? super T>> boolean any(
      @Nullable T value, List<T> constants, java.util.function.IntPredicate test) {
    return value != null
        && constants.stream().anyMatch(c -> c != null && test.test(value.compareTo(c)));
  }

  @Test
  void trailingSpacesCountOnlyWithoutPadding() {
    ColumnType padded = new ColumnType(Kind.VARCHAR, false, 10, 0, "utf8mb4", "utf8mb4_bin");
    ColumnType exact = new ColumnType(Kind.VARCHAR, false, 10, 0, "utf8mb4", "utf8mb4_0900_bin");
    assertThat(TextOrder.of(padded).orElseThrow().compare(bytes("a"), bytes("a  "))).isZero();
    assertThat(TextOrder.of(padded).orElseThrow().compare(bytes("a\t"), bytes("a"))).isNegative();
    assertThat(TextOrder.of(exact).orElseThrow().compare(bytes("a"), bytes("a  "))).isNegative();
  }

  @Test
  void collationsThatFoldCharactersHaveNoOrderHere() {
    assertThat(
            TextOrder.of(
                new ColumnType(Kind.VARCHAR, false, 10, 0, "utf8mb4", "utf8mb4_0900_ai_ci")))
        .isEmpty();
    assertThat(TextOrder.of(ColumnType.of(Kind.FLOAT))).isEmpty();
  }

  @Test
  void unsignedNumbersBeyondLongKeepTheirOrder() {
    Comparator<byte[]> order = TextOrder.of(ColumnType.of(Kind.BIGINT)).orElseThrow();
    assertThat(order.compare(bytes("18446744073709551615"), bytes("9223372036854775807")))
        .isPositive();
  }

  @Test
  void timestampsMoveToTheSessionsOffset() {
    assertThat(shifted("2024-02-29 23:30:00.123", ZoneOffset.ofHours(1)))
        .isEqualTo("2024-03-01 00:30:00.123");
    assertThat(shifted("2024-01-01 00:00:00", ZoneOffset.ofHoursMinutes(-3, -30)))
        .isEqualTo("2023-12-31 20:30:00");
    assertThat(shifted("0000-00-00 00:00:00", ZoneOffset.ofHours(5)))
        .isEqualTo("0000-00-00 00:00:00");
  }

  private static String shifted(String utc, ZoneOffset zone) {
    return new String(Projection.shift(bytes(utc), zone), StandardCharsets.US_ASCII);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
