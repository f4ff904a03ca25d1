package io.crossfade.api.value;

import static io.crossfade.api.value.Types.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.value.ColumnType.Kind;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;

class KeyCodecTest {
  private static final ColumnType PADDED = Types.text(Kind.CHAR, 50, "utf8mb4_bin");
  private static final ColumnType VARBINARY = Types.binary(Kind.VARBINARY, 50);

  @Property
  void signedIntegersOrderAndComeBack(@ForAll long a, @ForAll long b) {
    ColumnType type = ColumnType.of(Kind.BIGINT);
    check(type, Long.toString(a), Long.toString(b), Long.compare(a, b));
  }

  @Property
  void unsignedIntegersOrderAndComeBack(@ForAll long a, @ForAll long b) {
    ColumnType type = Types.unsigned(Kind.BIGINT);
    check(type, Long.toUnsignedString(a), Long.toUnsignedString(b), Long.compareUnsigned(a, b));
  }

  @Property
  void narrowIntegersOrderAndComeBack(
      @ForAll @IntRange(min = -8388608, max = 8388607) int a,
      @ForAll @IntRange(min = -8388608, max = 8388607) int b) {
    ColumnType type = ColumnType.of(Kind.MEDIUMINT);
    check(type, Integer.toString(a), Integer.toString(b), Integer.compare(a, b));
  }

  @Property
  void dateTimesOrderAndComeBack(
      @ForAll @LongRange(min = -62135596800L, max = 253402300799L) long a,
      @ForAll @LongRange(min = -62135596800L, max = 253402300799L) long b) {
    check(Types.scaled(Kind.DATETIME, 3), dateTime(a), dateTime(b), Long.compare(a, b));
  }

  private static String dateTime(long epochSecond) {
    return LocalDateTime.ofEpochSecond(epochSecond, 0, java.time.ZoneOffset.UTC)
        .format(DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT));
  }

  @Property
  void byteStringsOrderAndComeBack(
      @ForAll("byteStrings") byte[] a, @ForAll("byteStrings") byte[] b) {
    KeyCodec codec = KeyCodecs.forKey(VARBINARY).orElseThrow();
    byte[] ea = encode(codec, a);
    byte[] eb = encode(codec, b);
    assertThat(Integer.signum(Arrays.compareUnsigned(ea, eb)))
        .isEqualTo(Integer.signum(Arrays.compareUnsigned(a, b)));
    assertThat(codec.decode(ea, 0, codec.end(ea, 0))).isEqualTo(a);
  }

  @Property
  void paddedStringsOrderAsIfSpacesFollowedForEver(
      @ForAll("spacedStrings") byte[] a, @ForAll("spacedStrings") byte[] b) {
    KeyCodec codec = KeyCodecs.forKey(PADDED).orElseThrow();
    byte[] ea = encode(codec, a);
    byte[] eb = encode(codec, b);
    int length = Math.max(a.length, b.length);
    int expected = Arrays.compareUnsigned(pad(a, length), pad(b, length));
    assertThat(Integer.signum(Arrays.compareUnsigned(ea, eb))).isEqualTo(Integer.signum(expected));
    byte[] decoded = codec.decode(ea, 0, codec.end(ea, 0));
    assertThat(codec.end(ea, 0)).isEqualTo(ea.length);
    assertThat(pad(decoded, a.length)).isEqualTo(a);
  }

  private static byte[] pad(byte[] text, int length) {
    byte[] padded = Arrays.copyOf(text, length);
    Arrays.fill(padded, Math.min(text.length, length), length, (byte) ' ');
    return padded;
  }

  @Provide
  Arbitrary<byte[]> byteStrings() {
    return Arbitraries.of((byte) 0, (byte) 1, (byte) 'a', (byte) 0xFF)
        .array(byte[].class)
        .ofMaxSize(5);
  }

  @Provide
  Arbitrary<byte[]> spacedStrings() {
    return Arbitraries.of((byte) 0, (byte) 0x1F, (byte) ' ', (byte) '!', (byte) 0xC3)
        .array(byte[].class)
        .ofMaxSize(6);
  }

  @Test
  void aPaddedStringInBytes() {
    KeyCodec codec = KeyCodecs.forKey(PADDED).orElseThrow();
    assertThat(hex(encode(codec, bytes("a  b ")))).isEqualTo("612002fffd622001");
    assertThat(hex(encode(codec, bytes("a \t")))).isEqualTo("6120000001092001");
  }

  @Test
  void joinedColumnsNeverCollide() {
    KeyCodec codec = KeyCodecs.forKey(VARBINARY).orElseThrow();
    assertThat(pair(codec, "1|2", "3")).isNotEqualTo(pair(codec, "1", "2|3"));
    assertThat(pair(codec, "1\0", "")).isNotEqualTo(pair(codec, "1", "\0"));
    assertThat(Arrays.compareUnsigned(pair(codec, "1", "zzz"), pair(codec, "1\0", "")))
        .isNegative();
  }

  private static byte[] pair(KeyCodec codec, String a, String b) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    codec.encode(bytes(a), out);
    codec.encode(bytes(b), out);
    return out.toByteArray();
  }

  @Property
  void decimalsOrder(
      @ForAll @BigRange(min = "-99999", max = "99999") @Scale(2) BigDecimal a,
      @ForAll @BigRange(min = "-99999", max = "99999") @Scale(2) BigDecimal b) {
    ColumnType type = Types.scaled(Kind.DECIMAL, 2);
    checkOrder(type, decimal(a), decimal(b), a.compareTo(b));
  }

  private static String decimal(BigDecimal value) {
    return value.setScale(2).toPlainString();
  }

  @Property
  void doublesOrder(@ForAll double a, @ForAll double b) {
    ColumnType type = ColumnType.of(Kind.DOUBLE);
    checkOrder(type, Double.toString(a), Double.toString(b), a == b ? 0 : Double.compare(a, b));
  }

  @Test
  void timesOrderBySignAndFraction() {
    ColumnType type = Types.scaled(Kind.TIME, 1);
    checkOrder(type, "-838:59:59.0", "-00:00:00.1", -1);
    checkOrder(type, "-00:00:00.1", "00:00:00.0", -1);
    checkOrder(type, "99:59:59.9", "100:00:00.0", -1);
  }

  @Test
  void typesWhoseOrderIsNotThatOfBytesHaveNoKeyCodec() {
    assertThat(KeyCodecs.forKey(Types.text(Kind.VARCHAR, 9, "utf8mb4_0900_ai_ci"))).isEmpty();
    assertThat(KeyCodecs.forKey(Types.text(Kind.VARCHAR, 9, "utf16_bin"))).isEmpty();
    assertThat(KeyCodecs.forKey(ColumnType.of(Kind.DECIMAL))).isEmpty();
    assertThat(KeyCodecs.forOrder(ColumnType.of(Kind.ENUM))).isEmpty();
    assertThat(KeyCodecs.describe(Types.text(Kind.VARCHAR, 9, "utf8mb4_0900_ai_ci")))
        .isEqualTo("VARCHAR with collation utf8mb4_0900_ai_ci");
  }

  private static void check(ColumnType type, String a, String b, int expected) {
    checkOrder(type, a, b, expected);
    KeyCodec codec = KeyCodecs.forKey(type).orElseThrow();
    byte[] encoded = encode(codec, bytes(a));
    assertThat(codec.end(encoded, 0)).isEqualTo(encoded.length);
    assertThat(codec.decode(encoded, 0, encoded.length)).isEqualTo(bytes(a));
  }

  private static void checkOrder(ColumnType type, String a, String b, int expected) {
    OrderCodec codec = KeyCodecs.forOrder(type).orElseThrow();
    byte[] ea = encode(codec, bytes(a));
    byte[] eb = encode(codec, bytes(b));
    assertThat(codec.end(ea, 0)).isEqualTo(ea.length);
    assertThat(Integer.signum(Arrays.compareUnsigned(ea, eb)))
        .as("%s <=> %s", a, b)
        .isEqualTo(Integer.signum(expected));
  }

  private static byte[] encode(OrderCodec codec, byte[] text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    codec.encode(text, out);
    return out.toByteArray();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
