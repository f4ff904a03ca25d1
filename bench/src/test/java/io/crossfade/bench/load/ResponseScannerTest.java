package io.crossfade.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseScannerTest {
  private static final int[] OK = {0, 0, 0, 2, 0, 0, 0};
  private static final int[] EOF = {0xFE, 0, 0, 2, 0};
  private static final int[] EOF_AS_OK = {0xFE, 0, 0, 2, 0, 0, 0};
  private static final int[] ERR = {0xFF, 0x7A, 0x04, '#', '4', '2', 'S', '0', '2', 'x'};
  private static final int[] TWO_COLUMNS = {2};
  private static final int[] COLUMN = {3, 'd', 'e', 'f'};
  private static final int[] ROW = {1, 'a', 1, 'b'};
  private static final int[] ROW_OF_NULL = {0xFB, 0xFB};

  @Test
  void endsAfterAnOk() {
    assertThat(new ResponseScanner(true).scan(packets(OK))).isTrue();
  }

  @Test
  void endsAfterAnErrorAndRemembersIt() {
    ResponseScanner scanner = new ResponseScanner(true);

    assertThat(scanner.scan(packets(ERR))).isTrue();
    assertThat(scanner.failed()).isTrue();
    assertThat(scanner.scan(packets(OK))).isTrue();
    assertThat(scanner.failed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void endsWithTheResultSetWhereverTheBytesAreCut(boolean deprecated) {
    ByteBuf all = resultSet(deprecated);
    for (int cut = 1; cut < all.readableBytes(); cut++) {
      ResponseScanner scanner = new ResponseScanner(deprecated);
      assertThat(scanner.scan(all.slice(0, cut))).as("the first %s bytes", cut).isFalse();
      assertThat(scanner.scan(all.slice(cut, all.readableBytes() - cut)))
          .as("the rest after %s bytes", cut)
          .isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void beginsAnewAfterEachResponse(boolean deprecated) {
    ResponseScanner scanner = new ResponseScanner(deprecated);
    for (int i = 0; i < 3; i++) {
      ByteBuf bytes = resultSet(deprecated);
      assertThat(scanner.scan(bytes)).isTrue();
      assertThat(bytes.isReadable()).isFalse();
    }
  }

  @Test
  void leavesWhatFollowsTheResponse() {
    ByteBuf bytes = Unpooled.wrappedBuffer(packets(OK), packets(OK));

    assertThat(new ResponseScanner(true).scan(bytes)).isTrue();
    assertThat(bytes.readableBytes()).isEqualTo(4 + OK.length);
  }

  @Test
  void takesAnErrorInTheMiddleOfTheRowsAsTheEnd() {
    ResponseScanner scanner = new ResponseScanner(true);

    assertThat(scanner.scan(packets(TWO_COLUMNS, COLUMN, COLUMN, ROW, ERR))).isTrue();
    assertThat(scanner.failed()).isTrue();
  }

  @Test
  void doesNotTakeALongRowThatBeginsLikeAnEofForTheEnd() {
    int[] longRow = new int[300];
    longRow[0] = 0xFE;
    ResponseScanner scanner = new ResponseScanner(false);

    assertThat(scanner.scan(packets(TWO_COLUMNS, COLUMN, COLUMN, EOF, longRow))).isFalse();
    assertThat(scanner.scan(packets(EOF))).isTrue();
  }

  private static ByteBuf resultSet(boolean deprecated) {
    return deprecated
        ? packets(TWO_COLUMNS, COLUMN, COLUMN, ROW, ROW_OF_NULL, EOF_AS_OK)
        : packets(TWO_COLUMNS, COLUMN, COLUMN, EOF, ROW, ROW_OF_NULL, EOF);
  }

  private static ByteBuf packets(int[]... payloads) {
    ByteBuf out = Unpooled.buffer();
    int sequence = 1;
    for (int[] payload : payloads) {
      out.writeMediumLE(payload.length);
      out.writeByte(sequence++);
      for (int b : payload) {
        out.writeByte(b);
      }
    }
    return out;
  }
}
