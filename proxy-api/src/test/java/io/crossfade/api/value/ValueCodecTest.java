package io.crossfade.api.value;

import static io.crossfade.api.value.Types.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.api.value.ColumnType.Kind;
import io.crossfade.api.value.SqlValue.Form;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueCodecTest {
  private static final ColumnType BIGINT = ColumnType.of(Kind.BIGINT);
  private static final ColumnType DATETIME3 = Types.scaled(Kind.DATETIME, 3);

  @ParameterizedTest
  @CsvSource({
    "TINYINT, false, 127, 127",
    "TINYINT, false, -128, -128",
    "TINYINT, true, 255, 255",
    "INT, false, 00042, 42",
    "INT, false, +7, 7",
    "INT, false, -0, 0",
    "MEDIUMINT, false, 8388607, 8388607",
    "BIGINT, true, 18446744073709551615, 18446744073709551615",
    "BIGINT, false, -9223372036854775808, -9223372036854775808",
    "YEAR, false, 2024, 2024",
  })
  void integersWithinTheRangeAreCertain(
      Kind kind, boolean unsigned, String literal, String expected) {
    ColumnType type = new ColumnType(kind, unsigned, 0, 0, "", "");
    assertThat(ValueCodec.canonical(type, SqlValue.of(Form.INTEGER, literal)))
        .hasValue(bytes(expected));
  }

  @ParameterizedTest
  @CsvSource({
    "TINYINT, false, 128",
    "TINYINT, true, -1",
    "TINYINT, true, 256",
    "MEDIUMINT, false, 8388608",
    "BIGINT, false, 9223372036854775808",
    "BIGINT, true, 18446744073709551616",
    "YEAR, false, 24",
    "YEAR, false, 1900",
    "YEAR, false, 0",
    "INT, false, -",
    "INT, false, 1x",
  })
  void otherIntegersAreNot(Kind kind, boolean unsigned, String literal) {
    ColumnType type = new ColumnType(kind, unsigned, 0, 0, "", "");
    assertThat(ValueCodec.canonical(type, SqlValue.of(Form.INTEGER, literal))).isEmpty();
  }

  @Test
  void stringsOfDigitsAreCertainForIntegersUpToTheDigitsADoubleHolds() {
    assertThat(string(BIGINT, "042")).hasValue(bytes("42"));
    assertThat(string(BIGINT, "999999999999999")).hasValue(bytes("999999999999999"));
    assertThat(string(BIGINT, "9007199254740993")).isEmpty();
    assertThat(string(BIGINT, "-5")).isEmpty();
    assertThat(string(BIGINT, " 5")).isEmpty();
    assertThat(string(BIGINT, "5.0")).isEmpty();
    assertThat(string(BIGINT, "")).isEmpty();
  }

  @Test
  void formsThatAreRoundedOrConvertedAreUncertain() {
    for (Form form : new Form[] {Form.DECIMAL, Form.APPROXIMATE, Form.BINARY, Form.DATETIME}) {
      assertThat(ValueCodec.canonical(BIGINT, SqlValue.of(form, "5"))).as("%s", form).isEmpty();
    }
    assertThat(ValueCodec.canonical(BIGINT, SqlValue.NULL)).isEmpty();
    assertThat(ValueCodec.canonical(BIGINT, SqlValue.UNKNOWN)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "2024-02-29 10:11:12, 2024-02-29 10:11:12.000",
    "2024-02-29 10:11:12.5, 2024-02-29 10:11:12.500",
    "2024-02-29 10:11:12.123000, 2024-02-29 10:11:12.123",
  })
  void dateTimesAreBroughtToTheScaleOfTheColumn(String literal, String expected) {
    assertThat(string(DATETIME3, literal)).hasValue(bytes(expected));
    assertThat(ValueCodec.canonical(DATETIME3, SqlValue.of(Form.DATETIME, literal)))
        .hasValue(bytes(expected));
  }

  @ParameterizedTest
  @CsvSource({
    "2024-02-29 10:11:12.1234",
    "2023-02-29 10:11:12",
    "2024-02-29",
    "2024-2-29 10:11:12",
    "24-02-29 10:11:12",
    "2024-02-29T10:11:12",
    "2024-02-29 10:11:12.",
    "2024-02-29 10:11:12+02:00",
    "2024-02-29 24:00:00",
    "0000-00-00 00:00:00",
  })
  void otherDateTimesAreUncertain(String literal) {
    assertThat(string(DATETIME3, literal)).isEmpty();
  }

  @Test
  void aDateTakesNoTimeAndATimestampNothingAtAll() {
    ColumnType date = ColumnType.of(Kind.DATE);
    assertThat(string(date, "2024-01-31")).hasValue(bytes("2024-01-31"));
    assertThat(string(date, "2024-01-31 00:00:00")).isEmpty();
    assertThat(string(ColumnType.of(Kind.TIMESTAMP), "2024-01-31 00:00:00")).isEmpty();
  }

  @Test
  void binaryStringsAreCertainWhenTheyNeedNoPadding() {
    ColumnType binary = Types.binary(Kind.BINARY, 2);
    ColumnType varbinary = Types.binary(Kind.VARBINARY, 2);
    SqlValue one = new SqlValue(Form.BINARY, new byte[] {(byte) 0xFF});
    SqlValue two = new SqlValue(Form.BINARY, new byte[] {0, (byte) 0xFF});
    SqlValue three = new SqlValue(Form.BINARY, new byte[3]);
    assertThat(ValueCodec.canonical(binary, two)).hasValue(new byte[] {0, (byte) 0xFF});
    assertThat(ValueCodec.canonical(binary, one)).isEmpty();
    assertThat(ValueCodec.canonical(varbinary, one)).hasValue(new byte[] {(byte) 0xFF});
    assertThat(ValueCodec.canonical(varbinary, three)).isEmpty();
    assertThat(string(varbinary, "ü")).as("depends on the client's character set").isEmpty();
  }

  @Test
  void characterStringsAreCertainWhereTheyCompareByTheirBytes() {
    ColumnType noPad = Types.text(Kind.VARCHAR, 5, "utf8mb4_0900_bin");
    ColumnType padded = Types.text(Kind.VARCHAR, 5, "utf8mb4_bin");
    ColumnType paddedChar = Types.text(Kind.CHAR, 5, "utf8mb4_bin");
    ColumnType collated = Types.text(Kind.VARCHAR, 5, "utf8mb4_0900_ai_ci");
    assertThat(string(noPad, "ab ")).hasValue(bytes("ab "));
    assertThat(string(noPad, "abcdef")).isEmpty();
    assertThat(string(noPad, "ä")).isEmpty();
    assertThat(string(padded, "ab")).as("'ab ' may be stored").isEmpty();
    assertThat(string(paddedChar, "ab")).hasValue(bytes("ab"));
    assertThat(string(paddedChar, "ab ")).isEmpty();
    assertThat(string(collated, "ab")).isEmpty();
  }

  @Test
  void aPaddedKeyIsTheStringWithoutTrailingSpaces() {
    ColumnType padded = Types.text(Kind.VARCHAR, 5, "utf8mb4_bin");
    SqlValue value = SqlValue.of(Form.STRING, "ab  ");
    assertThat(ValueCodec.canonicalKey(padded, value)).hasValue(bytes("ab"));
    assertThat(ValueCodec.canonicalKey(padded, SqlValue.of(Form.STRING, "abcd  "))).isEmpty();
    assertThat(ValueCodec.canonicalKey(padded, SqlValue.of(Form.INTEGER, "1"))).isEmpty();
  }

  @Test
  void integerCellsAreEightBytesBigEndian() {
    assertThat(ValueCodec.toCell(ColumnType.of(Kind.TINYINT), bytes("-2")))
        .isEqualTo(HexFormat.of().parseHex("fffffffffffffffe"));
    assertThat(ValueCodec.toCell(Types.unsigned(Kind.BIGINT), bytes("18446744073709551615")))
        .isEqualTo(HexFormat.of().parseHex("ffffffffffffffff"));
    assertThat(ValueCodec.toCell(ColumnType.of(Kind.YEAR), bytes("0000"))).isEqualTo(new byte[8]);
  }

  @Property
  boolean signedIntegersComeBackFromTheirCells(@ForAll long value) {
    byte[] text = bytes(Long.toString(value));
    byte[] cell = ValueCodec.toCell(BIGINT, text);
    return java.util.Arrays.equals(ValueCodec.fromCell(BIGINT, cell), text);
  }

  @Property
  boolean unsignedIntegersComeBackFromTheirCells(@ForAll long value) {
    ColumnType type = Types.unsigned(Kind.BIGINT);
    byte[] text = bytes(Long.toUnsignedString(value));
    return java.util.Arrays.equals(ValueCodec.fromCell(type, ValueCodec.toCell(type, text)), text);
  }

  @Test
  void zerofillIsRestoredWhereItsWidthIsKnownAndRefusedWhereItIsNot() {
    ColumnType zerofill = new ColumnType(Kind.INT, true, 5, 0, "", "");
    byte[] cell = ValueCodec.toCell(zerofill, bytes("00042"));
    assertThat(ValueCodec.fromCell(zerofill, cell)).isEqualTo(bytes("00042"));
    assertThatThrownBy(() -> ValueCodec.toCell(Types.unsigned(Kind.INT), bytes("00042")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ZEROFILL");
  }

  @Test
  void everyOtherTypeIsItsText() {
    byte[] text = bytes("1.50");
    assertThat(ValueCodec.toCell(Types.scaled(Kind.DECIMAL, 2), text)).isEqualTo(text);
    assertThat(ValueCodec.fromCell(Types.scaled(Kind.DECIMAL, 2), text)).isEqualTo(text);
    assertThat(ValueCodec.display(ColumnType.of(Kind.DOUBLE), text)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0.10000000149011612, 0.1",
    "16777216, 16777200",
    "-3.4028234663852886e38, -3.40282e38",
    "1.401298464324817e-45, 1.4013e-45",
    "1.0000000200408773e20, 1e20",
    "999999986991104, 1e15",
    "100000000376832, 100000000000000",
    "-2.5, -2.5",
    "0, 0",
    "0.00001, 0.00001",
  })
  void floatsAreShownWithSixDigitsAsMySqlDoes(String exact, String shown) {
    byte[] display = ValueCodec.display(ColumnType.of(Kind.FLOAT), bytes(exact));
    assertThat(Types.string(display)).isEqualTo(shown);
  }

  private static java.util.Optional<byte[]> string(ColumnType type, String literal) {
    return ValueCodec.canonical(type, new SqlValue(Form.STRING, bytes(literal)));
  }
}
