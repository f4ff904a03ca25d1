package io.crossfade.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.api.value.SqlValue;
import io.crossfade.api.value.SqlValue.Form;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExecuteRequestTest {
  private static final BitSet NO_LONG_DATA = new BitSet();

  @Test
  void readsNullBitmapAcrossBytes() {
    // Nine parameters, of which the first and the ninth are NULL; all TINYINT.
    String packet = "17 01000000 00 01000000 01 01 01" + "0100".repeat(9) + "02 03 04 05 06 07 08";
    ExecuteRequest request =
        ExecuteRequest.decode(hex(packet), 0, 9, BinaryValues.NO_TYPES, NO_LONG_DATA);
    List<SqlValue> values = request.parameters(9);
    assertThat(values).first().isSameAs(SqlValue.NULL);
    assertThat(values).last().isSameAs(SqlValue.NULL);
    assertThat(values.subList(1, 8))
        .extracting(ExecuteRequestTest::text)
        .containsExactly("2", "3", "4", "5", "6", "7", "8");
  }

  @Test
  void usesTheTypesOfAnEarlierExecution() {
    int[] types = {0x8003};
    ExecuteRequest request =
        ExecuteRequest.decode(
            hex("17 01000000 00 01000000 00 00 ffffffff"), 0, 1, types, NO_LONG_DATA);
    assertThat(text(request.parameters(1).get(0))).isEqualTo("4294967295");
    assertThatThrownBy(
            () ->
                ExecuteRequest.decode(
                    hex("17 01000000 00 01000000 00 00 ffffffff"),
                    0,
                    1,
                    BinaryValues.NO_TYPES,
                    NO_LONG_DATA))
        .isInstanceOf(MalformedPacketException.class);
  }

  @Test
  void keepsQueryAttributesApartFromParameters() {
    String packet = "17 01000000 08 01000000 02 00 01 0300 00 fe00 0161 2a000000 0178";
    ExecuteRequest request =
        ExecuteRequest.decode(
            hex(packet), Capabilities.QUERY_ATTRIBUTES, 1, BinaryValues.NO_TYPES, NO_LONG_DATA);
    assertThat(request.cursor()).isFalse();
    assertThat(request.parameters(1)).extracting(ExecuteRequestTest::text).containsExactly("42");
  }

  @Test
  void doesNotLookForValuesThatWereSentAhead() {
    BitSet longData = new BitSet();
    longData.set(0);
    String packet = "17 01000000 01 01000000 00 01 fc00 0100 07";
    ExecuteRequest request =
        ExecuteRequest.decode(hex(packet), 0, 2, BinaryValues.NO_TYPES, longData);
    assertThat(request.cursor()).isTrue();
    assertThat(request.parameters(2).get(0).form()).isEqualTo(Form.UNKNOWN);
    assertThat(text(request.parameters(2).get(1))).isEqualTo("7");
  }

  @Test
  void refusesValuesThatAreCutShort() {
    assertThatThrownBy(
            () ->
                ExecuteRequest.decode(
                    hex("17 01000000 00 01000000 00 01 fd00 05 61"),
                    0,
                    1,
                    BinaryValues.NO_TYPES,
                    NO_LONG_DATA))
        .isInstanceOf(MalformedPacketException.class);
  }

  @Test
  void findsTheTextBehindQueryAttributes() {
    ByteBuf plain = hex("03 00 01 53454c454354");
    assertThat(QueryText.start(plain, Capabilities.QUERY_ATTRIBUTES)).isEqualTo(3);
    assertThat(QueryText.start(plain, 0)).isEqualTo(1);
    ByteBuf attributes = hex("03 01 01 00 01 fe00 0161 0178 53454c454354");
    int start = QueryText.start(attributes, Capabilities.QUERY_ATTRIBUTES);
    assertThat(attributes.toString(start, 6, StandardCharsets.US_ASCII)).isEqualTo("SELECT");
  }

  private static String text(SqlValue value) {
    byte[] bytes = value.bytes();
    return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
  }

  private static ByteBuf hex(String hex) {
    return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
  }
}
