package io.crossfade.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.server.frame.Frames;
import io.crossfade.server.frame.PacketScanner;
import io.crossfade.server.protocol.AnswerTracker.Capture;
import io.crossfade.server.protocol.AnswerTracker.Step;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTrackerTest {
  private static final String OK = "00 02 05 0200 0000";
  private static final String OK_MORE = "00 00 00 0a00 0000";
  private static final String EOF = "fe 0000 0200";
  private static final String EOF_AS_OK = "fe 00 00 0200 0000";
  private static final String ERR = "ff 2604 23 3233303030 64";
  private static final String DEFINITION = "03 646566";
  private static final String ROW = "01 31";

  private boolean deprecateEof;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aResultSetEndsWithItsRows(boolean deprecate) {
    deprecateEof = deprecate;
    String end = deprecate ? EOF_AS_OK : EOF;
    List<String> packets = new ArrayList<>(List.of("02", DEFINITION, DEFINITION));
    if (!deprecate) {
      packets.add(EOF);
    }
    packets.addAll(List.of(ROW, "", ROW, end));
    AnswerTracker tracker = endsAtTheLast(AnswerShape.RESULTS, packets);
    assertThat(tracker.end().status()).isEqualTo(2);
    assertThat(tracker.resultSets()).isEqualTo(1);
    assertThat(tracker.columns()).hasSize(2);
    assertThat(tracker.lastPacket()).isEqualTo(bytes(end));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void severalResultsEndWithTheLast(boolean deprecate) {
    deprecateEof = deprecate;
    List<String> packets = new ArrayList<>(List.of(OK_MORE, "01", DEFINITION));
    if (!deprecate) {
      packets.add(EOF);
    }
    packets.add(deprecate ? "fe 00 00 0a00 0000" : "fe 0000 0a00");
    packets.add(OK);
    AnswerTracker tracker = endsAtTheLast(AnswerShape.RESULTS, packets);
    assertThat(tracker.end().affectedRows()).isEqualTo(2);
    assertThat(tracker.end().lastInsertId()).isEqualTo(5);
  }

  @Test
  void anErrorEndsAnAnswerAnywhere() {
    endsAtTheLast(AnswerShape.RESULTS, List.of(ERR));
    endsAtTheLast(AnswerShape.RESULTS, List.of(OK_MORE, ERR));
    AnswerTracker tracker =
        endsAtTheLast(AnswerShape.RESULTS, List.of("01", DEFINITION, EOF, ROW, ERR));
    assertThat(tracker.end().error()).isEqualTo(1062);
    assertThat(tracker.end().status()).isNegative();
    endsAtTheLast(AnswerShape.PREPARE, List.of(ERR));
    endsAtTheLast(AnswerShape.FIELDS, List.of(ERR));
    endsAtTheLast(AnswerShape.ONE, List.of(ERR));
    endsAtTheLast(AnswerShape.ROWS, List.of(ROW, ERR));
  }

  @Test
  void aRowMayBeginLikeAnEof() {
    // Without DEPRECATE_EOF a row whose first column is longer than 16 MiB begins with 0xFE.
    endsAtTheLast(
        AnswerShape.RESULTS, List.of("01", DEFINITION, EOF, "fe 0102030405060708 09", EOF));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anOpenedCursorHasNoRows(boolean deprecate) {
    deprecateEof = deprecate;
    String end = deprecate ? "fe 00 00 4200 0000" : "fe 0000 4200";
    endsAtTheLast(AnswerShape.RESULTS, List.of("01", DEFINITION, end));
    endsAtTheLast(AnswerShape.ROWS, List.of("00 00 31", deprecate ? EOF_AS_OK : EOF));
  }

  @Test
  void aCursorOfTheProcedureItselfHidesNoRows() {
    endsAtTheLast(
        AnswerShape.RESULTS,
        List.of("01", DEFINITION, "fe 0000 4a00", ROW, ROW, "fe 0000 0a00", OK));
  }

  @Test
  void anOkInTheRowsPlaceEndsAnExecutionBesideAnOpenCursor() {
    endsAtTheLast(AnswerShape.RESULTS, List.of("01", DEFINITION, OK));
  }

  @Test
  void aPlainOkEndsAPreparation() {
    assertThat(endsAtTheLast(AnswerShape.PREPARE, List.of(OK)).parameters()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {Capabilities.MARIADB_PROGRESS, Capabilities.MARIADB_OLD_PROGRESS})
  void reportsOfProgressEndNothing(long capability) {
    String report = "ff ffff 01 01 02 102700 0473746570";
    AnswerTracker tracker = new AnswerTracker(capability);
    tracker.begin(AnswerShape.RESULTS, Capture.NOTHING);
    assertThat(feed(tracker, List.of(report, report, OK)))
        .containsExactly(Step.MORE, Step.MORE, Step.DONE);
    assertThat(tracker.end().error()).isZero();
    tracker.begin(AnswerShape.RESULTS, Capture.NOTHING);
    assertThat(feed(tracker, List.of(report, ERR))).containsExactly(Step.MORE, Step.DONE);
    assertThat(tracker.end().error()).isEqualTo(1062);
  }

  @ParameterizedTest
  @ValueSource(
      longs = {Capabilities.MARIADB_CACHE_METADATA, Capabilities.OPTIONAL_RESULTSET_METADATA})
  void definitionsThatTheClientHasAlreadyAreNotExpected(long capability) {
    AnswerTracker tracker = new AnswerTracker(capability | Capabilities.DEPRECATE_EOF);
    tracker.begin(AnswerShape.RESULTS, Capture.NOTHING);
    assertThat(feed(tracker, List.of("02 00", ROW, EOF_AS_OK)))
        .containsExactly(Step.MORE, Step.MORE, Step.DONE);
    tracker.begin(AnswerShape.RESULTS, Capture.NOTHING);
    assertThat(feed(tracker, List.of("01 01", DEFINITION, ROW, EOF_AS_OK)))
        .containsExactly(Step.MORE, Step.MORE, Step.MORE, Step.DONE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStatementPreparedWithoutMetadataHasOnlyTheEofs(boolean deprecate) {
    AnswerTracker tracker =
        new AnswerTracker(
            Capabilities.OPTIONAL_RESULTSET_METADATA
                | (deprecate ? Capabilities.DEPRECATE_EOF : 0));
    String ok = "00 07000000 0100 0200 00 0000 00";
    tracker.begin(AnswerShape.PREPARE, Capture.NOTHING);
    assertThat(feed(tracker, deprecate ? List.of(ok) : List.of(ok, EOF, EOF)))
        .endsWith(Step.DONE)
        .filteredOn(Step.DONE::equals)
        .hasSize(1);
    assertThat(tracker.parameters()).isEqualTo(2);
  }

  @Test
  void aDumpEndsWithAnErrorOrAnEof() {
    endsAtTheLast(AnswerShape.ENDLESS, List.of("00 fe01", "00 ff02", EOF));
    endsAtTheLast(AnswerShape.ENDLESS, List.of("00 fe01", ERR));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPreparedStatementEndsWithItsDefinitions(boolean deprecate) {
    deprecateEof = deprecate;
    List<String> packets =
        new ArrayList<>(List.of("00 07000000 0100 0200 00 0000", DEFINITION, DEFINITION));
    if (!deprecate) {
      packets.add(EOF);
    }
    packets.add(DEFINITION);
    if (!deprecate) {
      packets.add(EOF);
    }
    AnswerTracker tracker = endsAtTheLast(AnswerShape.PREPARE, packets);
    assertThat(tracker.statementId()).isEqualTo(7);
    assertThat(tracker.parameters()).isEqualTo(2);
    endsAtTheLast(AnswerShape.PREPARE, List.of("00 07000000 0000 0000 00 0000"));
  }

  @Test
  void aRequestedFileIsAnsweredAfterItWasSent() {
    AnswerTracker tracker = new AnswerTracker(0);
    tracker.begin(AnswerShape.RESULTS, Capture.NOTHING);
    assertThat(feed(tracker, List.of("fb 78"))).containsExactly(Step.CLIENT_SENDS_FILE);
    assertThat(feed(tracker, List.of(OK))).containsExactly(Step.DONE);
  }

  @Test
  void authenticationAsksForAPacketUnlessItIsThroughAlready() {
    AnswerTracker tracker = new AnswerTracker(0);
    tracker.begin(AnswerShape.AUTHENTICATION, Capture.NOTHING);
    assertThat(feed(tracker, List.of("fe 61", "01 04", "01 03", OK)))
        .containsExactly(Step.CLIENT_SENDS_PACKET, Step.CLIENT_SENDS_PACKET, Step.MORE, Step.DONE);
  }

  @Test
  void readsTheNewDatabaseFromSessionTracking() {
    AnswerTracker tracker = new AnswerTracker(Capabilities.SESSION_TRACK);
    tracker.begin(AnswerShape.RESULTS, Capture.NOTHING);
    feed(tracker, List.of("00 00 00 0240 0000 00 07 01 05 04 74657374"));
    assertThat(tracker.end().schema()).isEqualTo("test");
  }

  @Test
  void refusesAPacketThatIsCutShort() {
    AnswerTracker tracker = new AnswerTracker(0);
    tracker.begin(AnswerShape.RESULTS, Capture.NOTHING);
    assertThatThrownBy(() -> feed(tracker, List.of("00 00")))
        .isInstanceOf(MalformedPacketException.class);
  }

  private AnswerTracker endsAtTheLast(AnswerShape shape, List<String> packets) {
    AnswerTracker tracker = new AnswerTracker(deprecateEof ? Capabilities.DEPRECATE_EOF : 0);
    tracker.begin(shape, Capture.METADATA);
    List<Step> steps = feed(tracker, packets);
    assertThat(steps).hasSameSizeAs(packets);
    assertThat(steps.subList(0, steps.size() - 1)).allMatch(s -> s == Step.MORE);
    assertThat(steps).last().isEqualTo(Step.DONE);
    return tracker;
  }

  /** Byte by byte, so that no packet lies whole in a buffer. */
  private static List<Step> feed(AnswerTracker tracker, List<String> packets) {
    ByteBuf stream = Unpooled.buffer();
    int sequence = 1;
    for (String packet : packets) {
      sequence = Frames.write(stream, sequence, bytes(packet));
    }
    PacketScanner scanner = new PacketScanner();
    List<Step> steps = new ArrayList<>();
    while (stream.isReadable()) {
      ByteBuf one = stream.readSlice(1);
      scanner.keep(tracker.keep());
      while (scanner.next(one)) {
        steps.add(tracker.packet(scanner));
      }
    }
    return steps;
  }

  private static byte[] bytes(String hex) {
    return java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
