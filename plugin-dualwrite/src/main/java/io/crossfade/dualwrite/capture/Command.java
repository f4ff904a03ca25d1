package io.crossfade.dualwrite.capture;

import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.api.sql.Statement;
import io.crossfade.api.sql.Statement.Kind;
import io.crossfade.api.value.SqlValue;
import io.crossfade.dualwrite.dirty.Xid;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What one command is, as far as transactions are concerned.
 *
 * @param unreadable it carries SQL, or may, that the proxy could not read
 * @param mayCommit MySQL may commit the open transaction while it answers this
 * @param rollback it is nothing but a ROLLBACK
 * @param plainWrite it is nothing but one understood INSERT, REPLACE, UPDATE or DELETE
 * @param tellsState an OK or EOF with status flags ends its answer
 * @param xa it has an XA statement after which the transaction may live on though IN_TRANS is clear
 * @param prepare the transaction that an XA PREPARE in it prepares
 */
record Command(
    boolean unreadable,
    boolean mayCommit,
    boolean rollback,
    boolean plainWrite,
    boolean tellsState,
    boolean xa,
    Optional<Xid> prepare) {
  private static final Pattern XA_PREPARE = Pattern.compile("(?is)\\s*XA\\s+PREPARE\\b.*");
  private static final Pattern XA_ENDING = Pattern.compile("(?is)\\s*XA\\s+(COMMIT|ROLLBACK)\\b.*");
  private static final Set<Kind> PLAIN_WRITES =
      Set.of(Kind.INSERT, Kind.REPLACE, Kind.UPDATE, Kind.DELETE);

  /**
   * Commands without SQL that change no row, by command byte ("Command Phase" in the manual): QUIT,
   * INIT_DB, FIELD_LIST, STATISTICS, PROCESS_INFO, DEBUG, PING, CHANGE_USER, STMT_PREPARE,
   * STMT_SEND_LONG_DATA, STMT_CLOSE, STMT_RESET, SET_OPTION, STMT_FETCH, RESET_CONNECTION.
   * CHANGE_USER and RESET_CONNECTION roll back.
   */
  private static final Set<Integer> WITHOUT_SQL =
      Set.of(1, 2, 4, 9, 10, 13, 14, 17, 22, 24, 25, 26, 27, 28, 31);

  /**
   * Of those, the ones whose answer has no status flags, or none for sure: QUIT, FIELD_LIST,
   * STATISTICS, PROCESS_INFO, DEBUG, STMT_PREPARE, STMT_SEND_LONG_DATA, STMT_CLOSE.
   */
  private static final Set<Integer> WITHOUT_STATE = Set.of(1, 4, 9, 10, 13, 22, 24, 25);

  /** Looks at an exchange. */
  static Command of(Exchange e) {
    if (WITHOUT_SQL.contains(e.command())) {
      boolean tells = !WITHOUT_STATE.contains(e.command());
      return new Command(false, false, false, false, tells, false, Optional.empty());
    }
    List<Analyzed> statements = e.statements();
    if (statements.isEmpty()) {
      return new Command(true, true, false, false, true, false, Optional.empty());
    }
    boolean single = statements.size() == 1;
    boolean mayCommit = !single;
    boolean xa = false;
    Optional<Xid> prepare = Optional.empty();
    for (Analyzed a : statements) {
      Statement s = a.statement();
      mayCommit |= s.kind().mayCommit() || s.opaque() != null;
      if (s.kind() == Kind.XA) {
        if (XA_PREPARE.matcher(s.template()).matches()) {
          prepare = Optional.of(prepare.isPresent() ? Xid.ANY : xid(a.values()));
        } else {
          xa |= !XA_ENDING.matcher(s.template()).matches();
        }
      }
    }
    Statement first = statements.get(0).statement();
    return new Command(
        false,
        mayCommit,
        single && first.kind() == Kind.ROLLBACK && first.opaque() == null,
        single && first.opaque() == null && PLAIN_WRITES.contains(first.kind()),
        true,
        xa,
        prepare);
  }

  /** {@code gtrid [, bqual [, formatID]]}: "XA Transaction SQL Statements" in the manual. */
  private static Xid xid(List<SqlValue> values) {
    long format = 1;
    byte[][] parts = {new byte[0], new byte[0]};
    if (values.isEmpty() || values.size() > 3) {
      return Xid.ANY;
    }
    for (int i = 0; i < values.size(); i++) {
      SqlValue v = values.get(i);
      byte[] bytes = v.bytes();
      boolean text = v.form() == SqlValue.Form.STRING || v.form() == SqlValue.Form.BINARY;
      if (bytes != null && i < 2 && text) {
        parts[i] = bytes;
      } else if (bytes != null
          && i == 2
          && v.form() == SqlValue.Form.INTEGER
          && bytes.length < 19) {
        format = Long.parseLong(new String(bytes, StandardCharsets.US_ASCII));
      } else {
        return Xid.ANY;
      }
    }
    return Xid.of(format, parts[0], parts[1]);
  }
}
