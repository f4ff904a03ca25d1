package io.crossfade.api.value;

import static io.crossfade.api.value.Types.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinaryValueTest {
  @ParameterizedTest
  @CsvSource({
    "0x01, -1, ff",
    "0x01, 255, ff",
    "0x02, 258, 0201",
    "0x0D, 2024, e807",
    "0x03, -2, feffffff",
    "0x09, 8388607, ffff7f00",
    "0x08, 18446744073709551615, ffffffffffffffff",
    "0x08, 1, 0100000000000000",
    "0x04, 10.2, 33332341",
    "0x04, 10.199999809265137, 33332341",
    "0x05, 10.2, 6666666666662440",
    "0xF6, -1.50, 052d312e3530",
    "0xFE, foo, 03666f6f",
    "0x07, 2010-10-17 19:27:30.000001, 0bda070a11131b1e01000000",
    "0x0C, 2010-10-17 19:27:30, 07da070a11131b1e",
    "0x0C, 2010-10-17 19:27:30.000, 07da070a11131b1e",
    "0x0C, 2010-10-17 19:27:30.5, 0bda070a11131b1e20a10700",
    "0x0C, 2010-10-17 00:00:00, 04da070a11",
    "0x0A, 2010-10-17, 04da070a11",
    "0x0A, 0000-00-00, 00",
    "0x0C, 0000-00-00 00:00:00.000, 00",
    "0x0B, -120:19:27.000001, 0c010500000000131b01000000",
    "0x0B, 120:19:27, 08000500000000131b",
    "0x0B, 00:00:00.000, 00",
    "0x0B, -00:00:00.100, 0c0100000000000000a0860100",
  })
  void writesTheBytesOfTheManual(String type, String text, String hex) {
    assertThat(HexFormat.of().formatHex(write(Integer.decode(type), bytes(text)))).isEqualTo(hex);
  }

  @Test
  void longStringsHaveLongerLengths() {
    assertThat(write(MysqlType.BLOB, new byte[250])).hasSize(251).startsWith(250);
    assertThat(write(MysqlType.BLOB, new byte[251])).hasSize(254).startsWith(0xFC, 251, 0);
    assertThat(write(MysqlType.BLOB, new byte[65536])).hasSize(65540).startsWith(0xFD, 0, 0, 1);
  }

  @Test
  void refusesATextOfAnotherType() {
    assertThatThrownBy(() -> write(MysqlType.DATE, bytes("yesterday")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> write(MysqlType.LONG, bytes("x")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] write(int type, byte[] text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryValue.write(type, text, out);
    return out.toByteArray();
  }
}
