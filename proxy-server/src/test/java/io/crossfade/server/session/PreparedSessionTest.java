package io.crossfade.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.Row;
import io.crossfade.api.plugin.Verdict;
import io.crossfade.server.protocol.Capabilities;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Prepared statements of which MySQL does not see every execution. For the client each was one: its
 * types are those of the next, and it used up what was sent ahead.
 */
class PreparedSessionTest extends SessionFixture {
  private static final String READ = "SELECT a FROM watched WHERE id=?";
  private static final String ID = "01000000";
  private static final String EOF = "fe00000200";
  private static final String INT = "0300";
  private static final String TEXT = "fd00";
  private static final String CLOSE = packet(0, "19" + ID);
  private static final String LONG_DATA = packet(0, "18" + ID + "0000" + "61");
  private static final String WITH_TYPES = execute("00" + "01" + INT + "05000000");
  private static final String WITHOUT_TYPES = execute("00" + "00" + "05000000");

  /** Longer than what is held. */
  private static final int LARGE = 70_000;

  @Test
  void typesOfARefusedExecutionAreGivenToMySqlWithTheNext() {
    login();
    prepared(READ);
    refuse();
    give(true, WITH_TYPES);
    assertThat(backend.taken()).isEmpty();
    forward();
    give(true, WITHOUT_TYPES);
    assertThat(backend.taken()).isEqualTo(WITH_TYPES);
    fromServer(1, OK);
    give(true, WITHOUT_TYPES);
    assertThat(backend.taken()).as("now they are known").isEqualTo(WITHOUT_TYPES);
  }

  @Test
  void typesOfAnAnsweredExecutionAreGivenToMySqlWithTheNext() {
    login();
    answered();
    forward();
    give(true, WITHOUT_TYPES);
    assertThat(backend.taken()).isEqualTo(WITH_TYPES);
  }

  @Test
  void typesAreAddedBehindTheCountAndWithoutThoseOfQueryAttributes() {
    login(CLIENT | Capabilities.QUERY_ATTRIBUTES);
    prepared(READ);
    refuse();
    String attribute = TEXT + "016e";
    give(true, counted("02" + "00" + "01" + INT + "00" + attribute + "05000000" + "0161"));
    forward();
    give(true, counted("01" + "00" + "00" + "05000000"));
    assertThat(backend.taken()).isEqualTo(counted("01" + "00" + "01" + INT + "00" + "05000000"));
  }

  @Test
  void aLargeExecutionThatBringsItsTypesDoesNotNeedThoseOfARefusedOne() {
    login();
    prepared(READ);
    refuse();
    give(true, WITH_TYPES);
    forward();
    String large = execute("00" + "01" + TEXT + "fd701101" + "61".repeat(LARGE));
    give(true, large);
    assertThat(backend.taken()).isEqualTo(large);
    assertThat(client.closed).isFalse();
  }

  @Test
  void aLargeExecutionThatNeedsTheTypesOfARefusedOneEndsTheSession() {
    login();
    prepared(READ);
    refuse();
    give(true, execute("00" + "01" + TEXT + "0161"));
    forward();
    give(true, execute("00" + "00" + "fd701101" + "61".repeat(LARGE)));
    assertThat(client.closed).isTrue();
  }

  @Test
  void anExecutionOfALargePreparedCallIsShown() {
    login();
    prepared("CALL p(?) -- " + " ".repeat(LARGE));
    give(true, WITH_TYPES);
    assertThat(events).last().isEqualTo("before []");
  }

  @Test
  void typesThatCameWithAnUnreadableValueReplaceTheOnesBefore() {
    login();
    answered();
    forward();
    String date = "0a00";
    give(true, execute("00" + "01" + date + "02" + "0000"));
    fromServer(1, OK);
    backend.taken();
    answer();
    give(true, WITHOUT_TYPES);
    assertThat(backend.taken()).as("nobody can read it").isEqualTo(WITHOUT_TYPES);
  }

  @Test
  void valuesSentAheadOfARefusedExecutionAreUsedUp() {
    login();
    prepared(READ);
    give(true, LONG_DATA);
    backend.taken();
    refuse();
    give(true, WITH_TYPES);
    assertThat(backend.taken()).as("COM_STMT_RESET").isEqualTo(packet(0, "1a" + ID));
  }

  @Test
  void valuesSentAheadTogetherWithTheirPreparationAreUsedUp() {
    login();
    fromClient(0, prepare(READ));
    give(true, LONG_DATA);
    fromServer(1, "00" + ID + "0000" + "0100" + "00" + "0000");
    fromServer(2, DEFINITION);
    fromServer(3, EOF);
    assertThat(backend.taken()).isEqualTo(packet(0, prepare(READ)) + LONG_DATA);
    refuse();
    give(true, WITH_TYPES);
    assertThat(backend.taken()).as("COM_STMT_RESET").isEqualTo(packet(0, "1a" + ID));
  }

  @Test
  void anAnsweredExecutionIsRepeatedBeforeValuesAreSentAheadForTheNext() {
    login();
    answered();
    give(true, LONG_DATA);
    assertThat(backend.taken()).isEqualTo(WITH_TYPES + LONG_DATA);
    resultSet();
    assertThat(client.taken()).isEmpty();
    give(true, packet(0, query("SHOW WARNINGS")));
    assertThat(backend.taken()).isEqualTo(packet(0, query("SHOW WARNINGS")));
  }

  @Test
  void anAnsweredExecutionCanBeRepeatedAfterItsStatementWasClosed() {
    login();
    answered();
    give(true, CLOSE);
    assertThat(backend.taken()).isEmpty();
    String question = packet(0, query("SELECT FOUND_ROWS()"));
    give(true, question);
    assertThat(backend.taken()).isEqualTo(WITH_TYPES + CLOSE + question);
  }

  @Test
  void aStatementIsClosedWhenNothingCanAskForItsAnsweredExecutionAnyMore() {
    login();
    answered();
    forward();
    give(true, CLOSE);
    String insert = packet(0, query("INSERT INTO plain VALUES (1)"));
    give(true, insert);
    assertThat(backend.taken()).as("FOUND_ROWS() is still that of the SELECT").isEqualTo(insert);
    fromServer(1, OK);
    String select = packet(0, query("SELECT 1"));
    give(true, select);
    assertThat(backend.taken()).isEqualTo(CLOSE + select);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE plain SET a = 1",
        "INSERT INTO plain SELECT 1",
        "REPLACE INTO plain TABLE other",
        "DELETE plain FROM plain JOIN other",
        "DELETE FROM plain USING plain, other"
      })
  void aWriteThatSetsFoundRowsItselfEndsTheWaitForThem(String sql) {
    login();
    answered();
    forward();
    give(true, CLOSE);
    String write = packet(0, query(sql));
    give(true, write);
    assertThat(backend.taken()).isEqualTo(CLOSE + write);
    fromServer(1, OK);
    String question = packet(0, query("SELECT FOUND_ROWS()"));
    give(true, question);
    assertThat(backend.taken()).isEqualTo(question);
  }

  @Test
  void aStatementIsClosedWhenAnotherIsAnswered() {
    login();
    answered();
    give(true, CLOSE);
    String other = "02000000";
    prepared(READ, other);
    give(true, WITH_TYPES.replace("17" + ID, "17" + other));
    assertThat(client.taken()).isNotEmpty();
    assertThat(backend.taken()).isEqualTo(CLOSE);
  }

  @Test
  void aClosedStatementIsClosedForTheClientToo() {
    login();
    answered();
    forward();
    give(true, CLOSE);
    give(true, WITHOUT_TYPES);
    assertThat(backend.taken()).isEqualTo(CLOSE + WITHOUT_TYPES);
  }

  @Test
  void aLargeTextFindsWhatAnAnsweredExecutionLeftBehind() {
    login();
    answered();
    forward();
    String large = packet(0, query("SELECT FOUND_ROWS() -- " + " ".repeat(LARGE)));
    give(true, large);
    assertThat(backend.taken()).isEqualTo(WITH_TYPES + large);
    resultSet();
    assertThat(client.taken()).isEmpty();
    fromServer(1, OK);
    assertThat(client.taken()).isEqualTo(packet(1, OK));
  }

  @Test
  void whatALargeTextLeavesBehindIsNotWipedOut() {
    login();
    answered();
    forward();
    give(true, packet(0, query("INSERT INTO plain VALUES ('" + "x".repeat(LARGE) + "')")));
    resultSet();
    fromServer(1, OK);
    backend.taken();
    give(true, packet(0, query("SHOW WARNINGS")));
    assertThat(backend.taken()).isEqualTo(packet(0, query("SHOW WARNINGS")));
  }

  /** MariaDB's number for the statement prepared last may mean another one when it is repeated. */
  @Test
  void anExecutionOfWhateverWasPreparedLastIsNotAnswered() {
    login();
    answered();
    String last = packet(0, "17" + "ffffffff" + "00" + "01000000" + "00" + "01" + INT + "05000000");
    give(true, last);
    assertThat(backend.taken()).isEqualTo(last);
  }

  /** Prepares a statement with one parameter. */
  private void prepared(String sql) {
    prepared(sql, ID);
  }

  private void prepared(String sql, String id) {
    fromClient(0, prepare(sql));
    fromServer(1, "00" + id + "0000" + "0100" + "00" + "0000");
    fromServer(2, DEFINITION);
    fromServer(3, EOF);
    backend.taken();
    client.taken();
  }

  /** Prepares {@link #READ} and has {@link #WITH_TYPES} answered by the plugin. */
  private void answered() {
    prepared(READ);
    verdict = CompletableFuture.completedFuture(Verdict.forwardAndLearn());
    give(true, WITH_TYPES);
    resultSet();
    answer();
    backend.taken();
    client.taken();
    give(true, WITH_TYPES);
    assertThat(backend.taken()).isEmpty();
    assertThat(client.taken()).isNotEmpty();
  }

  private void resultSet() {
    fromServer(1, "01");
    fromServer(2, DEFINITION);
    fromServer(3, EOF);
    fromServer(4, "00" + "00" + "0100000000000000");
    fromServer(5, EOF);
  }

  private void refuse() {
    verdict = CompletableFuture.completedFuture(Verdict.refuse(1290, "HY000", "no"));
  }

  private void forward() {
    verdict = CompletableFuture.completedFuture(Verdict.forward());
  }

  private void answer() {
    Row nothing = new Row(new byte @Nullable [1][]);
    verdict =
        CompletableFuture.completedFuture(
            Verdict.answer(Objects.requireNonNull(learned), List.of(nothing)));
  }

  private static String execute(String parameters) {
    return packet(0, "17" + ID + "00" + "01000000" + parameters);
  }

  /** With the number of parameters, query attributes included. */
  private static String counted(String parameters) {
    return packet(0, "17" + ID + "08" + "01000000" + parameters);
  }
}
