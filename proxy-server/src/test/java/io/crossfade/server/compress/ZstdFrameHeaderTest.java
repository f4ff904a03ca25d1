package io.crossfade.server.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZstdFrameHeaderTest {
  private static int headerLength(byte[] frame) {
    ZstdFrameHeader header = new ZstdFrameHeader();
    int length = 0;
    while (!header.complete()) {
      header.accept(frame[length++] & 0xFF);
    }
    return length;
  }

  @ParameterizedTest
  @CsvSource({
    "0,3,6",
    "1,3,6",
    "255,3,6",
    "256,3,7",
    "65791,3,7",
    "65792,3,9",
    "16777215,3,10",
    "100000,22,9"
  })
  void readsTheHeadersOfWholeFrames(int length, int level, int expected) {
    assertThat(headerLength(Zstd.compress(new byte[length], level))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsAHeaderWithoutTheContentsLength(boolean checksum) {
    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
      context.setContentSize(false).setChecksum(checksum);
      assertThat(headerLength(context.compress(new byte[100_000]))).isEqualTo(6);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00000000", // not the magic number
        "502a4d18", // a skippable frame
        "28b52ffd0071", // a window of 18 MiB
        "28b52ffd00f8", // a window of 2 TiB
        "28b52ffda001000001", // a single segment longer than any content
        "28b52ffde0ffffffffffffffff" // of a negative length
      })
  void refusesWhatIsNoFrameOrTakesTooMuchMemory(String hex) {
    assertThatThrownBy(() -> headerLength(HexFormat.of().parseHex(hex)))
        .isInstanceOf(CompressionException.class);
  }
}
