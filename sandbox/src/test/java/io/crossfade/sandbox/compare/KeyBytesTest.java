package io.crossfade.sandbox.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples and rules of docs/hbase-format.md. */
class KeyBytesTest {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  @Test
  void encodesTheExampleOfTheFormat() {
    ComparedTable table = ComparedTable.follower("x", "wide");
    ComparedColumn user = new ComparedColumn("user_id", "bigint", false, 0, "");
    ComparedColumn follower = new ComparedColumn("follower_id", "bigint", false, 0, "");
    ComparedColumn created = new ComparedColumn("created_at", "timestamp", false, 3, "");
    ComparedColumn status = new ComparedColumn("status", "tinyint", false, 0, "");
    ComparedSchema schema =
        new ComparedSchema(List.of(user, follower, created, status), List.of(0, 1));
    byte[] list = HEX.parseHex("8000000000000005");
    byte[] rest = HEX.parseHex("7FFFFFFFFFFFFFF9");
    ExpectedRow row =
        ExpectedRow.of(table, schema, Arrays.asList("5", "-7", "2024-01-31 10:00:00.250", null));
    assertThat(row.item()).isEqualTo(Address.item(true, list, rest));
    assertThat(row.value()).isEqualTo("created_at='2024-01-31 10:00:00.250', status=NULL");
    byte[] packed = concat("01010202" + "17", "2024-01-31 10:00:00.250");
    assertThat(PackedValue.read(packed, List.of(created, status))).isEqualTo(row.value());
  }

  @Test
  void padsStringsAsTheExampleSays() {
    ComparedColumn s = new ComparedColumn("s", "varchar", false, 0, "utf8mb4_bin");
    assertThat(hex(KeyBytes.key(s, "6120206220"))).isEqualTo("612002FFFD622001");
    assertThat(hex(KeyBytes.key(s, "61200962"))).isEqualTo("6120000001" + "0962" + "2001");
  }

  @Test
  void endsBytesWithTwoZeros() {
    ComparedColumn b = new ComparedColumn("b", "varbinary", false, 0, "");
    assertThat(hex(KeyBytes.key(b, "0001FF"))).isEqualTo("00FF01FF0000");
  }

  @Test
  void ordersDecimalsAndTimes() {
    ComparedColumn d = new ComparedColumn("d", "decimal", false, 2, "");
    assertThat(sorted(d, "-12.50", "-3.00", "0.00", "0.05", "9.99", "10.00", "123.40")).isTrue();
    ComparedColumn t = new ComparedColumn("t", "time", false, 1, "");
    assertThat(sorted(t, "-10:00:00.0", "-00:00:00.5", "00:00:00.0", "838:59:59.0")).isTrue();
    ComparedColumn f = new ComparedColumn("f", "double", false, 0, "");
    assertThat(sorted(f, "-1e300", "-1", "0", "1e-300", "1", "1e300")).isTrue();
  }

  @Test
  void hashesAsMurmur3Does() {
    assertThat(ListHash.hash(new byte[0])).isZero();
    assertThat(ListHash.hash("hello".getBytes(StandardCharsets.US_ASCII))).isEqualTo(0x248bfa47);
    assertThat(ListHash.hash("hello, world".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo(0x149bbb7f);
  }

  private static boolean sorted(ComparedColumn column, String... ascending) {
    for (int i = 1; i < ascending.length; i++) {
      byte[] a = KeyBytes.order(column, ascending[i - 1], false);
      byte[] b = KeyBytes.order(column, ascending[i], false);
      if (Arrays.compareUnsigned(a, b) >= 0) {
        return false;
      }
    }
    return true;
  }

  private static byte[] concat(String hex, String ascii) {
    return HEX.parseHex(hex + HEX.formatHex(ascii.getBytes(StandardCharsets.US_ASCII)));
  }

  private static String hex(byte[] bytes) {
    return HEX.formatHex(bytes);
  }
}
