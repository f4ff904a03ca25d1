package io.crossfade.api.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.api.value.SqlValue.Form;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinaryParameterTest {
  @ParameterizedTest
  @CsvSource({
    "0x01, false, ff, INTEGER, -1",
    "0x01, true, ff, INTEGER, 255",
    "0x02, false, feff, INTEGER, -2",
    "0x03, true, ffffffff, INTEGER, 4294967295",
    "0x08, true, ffffffffffffffff, INTEGER, 18446744073709551615",
    "0x08, false, 0100000000000000, INTEGER, 1",
    "0x05, false, 6666666666662440, APPROXIMATE, 10.2",
    "0x04, false, 33332341, APPROXIMATE, 10.2",
    "0xF6, false, 052d312e3530, DECIMAL, -1.50",
    "0xFD, false, 03666f6f, STRING, foo",
    "0xFC, false, 03666f6f, BINARY, foo",
    "0x0A, false, 04da070a11, DATETIME, 2010-10-17",
    "0x0C, false, 04da070a11, DATETIME, 2010-10-17 00:00:00",
    "0x0C, false, 07da070a11131b1e, DATETIME, 2010-10-17 19:27:30",
    "0x07, false, 0bda070a11131b1e01000000, DATETIME, 2010-10-17 19:27:30.000001",
    "0x0C, false, 00, DATETIME, 0000-00-00 00:00:00",
    "0x0B, false, 0c010500000000131b01000000, TIME, -120:19:27.000001",
    "0x0B, false, 00, TIME, 00:00:00",
  })
  void readsTheBytesOfTheManual(String type, boolean unsigned, String hex, Form form, String text) {
    ByteBuffer in = ByteBuffer.wrap(HexFormat.of().parseHex(hex + "99"));
    SqlValue value = BinaryParameter.read(Integer.decode(type), unsigned, in);
    assertThat(value.form()).isEqualTo(form);
    assertThat(value.bytes()).asString().isEqualTo(text);
    assertThat(in.remaining()).as("left for the next parameter").isEqualTo(1);
  }

  @Test
  void anUnknownTypeIsSkippedAsTheServerDoes() {
    ByteBuffer in = ByteBuffer.wrap(new byte[] {2, 9, 9, 7});
    assertThat(BinaryParameter.read(0xFF, false, in)).isSameAs(SqlValue.UNKNOWN);
    assertThat(in.get()).isEqualTo((byte) 7);
  }

  @Test
  void refusesCutAndImpossibleValues() {
    ByteBuffer cut = ByteBuffer.wrap(new byte[] {(byte) 0xFC, 5, 0, 1});
    assertThatThrownBy(() -> BinaryParameter.read(MysqlType.STRING, false, cut))
        .isInstanceOf(BufferUnderflowException.class);
    ByteBuffer odd = ByteBuffer.wrap(new byte[] {3, 1, 1, 1});
    assertThatThrownBy(() -> BinaryParameter.read(MysqlType.DATE, false, odd))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
