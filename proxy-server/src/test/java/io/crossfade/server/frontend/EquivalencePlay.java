package io.crossfade.server.frontend;

import io.crossfade.api.sql.TableName;
import io.crossfade.sandbox.EmbeddedMariaDb;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.server.frontend.SqlScript.Varies;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A script and the scenarios of the protocol, played from the same start: a schema of its own, made
 * anew each time.
 */
final class EquivalencePlay {
  private static final Pattern CREATED = Pattern.compile("CREATE (?:TEMPORARY )?TABLE (\\w+)");

  /** Error 2013 of SQLSTATE 08S01. */
  private static final String LOST = "ffdd07";

  /** What ends a statement after which the server closes. */
  private static final String RELEASES = " RELEASE";

  private static final String LIMITED = "'eq_limited'@'%'";

  private final MySqlServer server;
  private final SqlScript script;
  private final String schema;

  EquivalencePlay(MySqlServer server, SqlScript script, String schema) throws SQLException {
    this.server = server;
    this.script = script;
    this.schema = schema;
    fresh();
    try (Connection root = server.connect(schema);
        Statement statement = root.createStatement()) {
      statement.execute("DROP USER IF EXISTS " + LIMITED);
      statement.execute("CREATE USER " + LIMITED + " IDENTIFIED BY 'app'");
      if (!(server instanceof EmbeddedMariaDb)) {
        statement.execute(
            "ALTER USER " + LIMITED + " IDENTIFIED WITH mysql_native_password BY 'app'");
      }
      statement.execute("GRANT SELECT (a) ON granted TO " + LIMITED);
      statement.execute("GRANT SELECT ON watched TO " + LIMITED);
    }
  }

  /** The tables that the script makes, which a relay may watch. */
  List<TableName> tables() {
    return Stream.concat(
            Stream.of("watched"),
            script.scenarios().stream()
                .flatMap(s -> s.lines().stream())
                .flatMap(l -> CREATED.matcher(l.sql()).results())
                .map(m -> m.group(1)))
        .distinct()
        .map(name -> new TableName(schema, name))
        .toList();
  }

  private void fresh() throws SQLException {
    try (Connection root = server.connect("");
        Statement statement = root.createStatement()) {
      statement.execute("DROP DATABASE IF EXISTS " + schema);
      statement.execute("CREATE DATABASE " + schema);
      statement.execute("CREATE TABLE " + schema + ".watched (id INT PRIMARY KEY, v INT)");
      statement.execute("CREATE TABLE " + schema + ".secret (a INT)");
      statement.execute("CREATE TABLE " + schema + ".granted (a INT, b INT)");
      statement.execute("INSERT INTO " + schema + ".watched VALUES (1, 1)");
    }
  }

  /** What was seen in each scenario. */
  Map<String, List<String>> play(
      int port, long capabilities, boolean binary, Map<String, ProtocolScenarios.Scenario> more)
      throws Exception {
    fresh();
    Talk.Place place = new Talk.Place("127.0.0.1", port, schema, capabilities);
    Map<String, List<String>> seen = new LinkedHashMap<>();
    for (SqlScript.Scenario scenario : script.scenarios()) {
      seen.put(
          scenario.name(), played(place, scenario.user(), talk -> lines(talk, scenario, binary)));
    }
    for (Map.Entry<String, ProtocolScenarios.Scenario> scenario : more.entrySet()) {
      seen.put(scenario.getKey(), played(place, "app", scenario.getValue()));
    }
    return seen;
  }

  private static List<String> played(
      Talk.Place place, String user, ProtocolScenarios.Scenario scenario) throws Exception {
    try (Talk talk = place.talk(user)) {
      try {
        scenario.play(talk);
      } catch (EOFException | SocketException e) {
        talk.note("closed", List.of());
      } catch (RuntimeException | IOException e) {
        int from = Math.max(0, talk.seen.size() - 4);
        throw new IllegalStateException(
            "after " + readable(talk.seen.subList(from, talk.seen.size())), e);
      }
      return talk.seen;
    }
  }

  private static void lines(Talk talk, SqlScript.Scenario scenario, boolean binary)
      throws IOException {
    for (SqlScript.Line line : scenario.lines()) {
      if (line.varies() == Varies.DIGITS) {
        talk.masked(line.sql());
      } else {
        int from = talk.seen.size();
        if (binary) {
          talk.binary(line.sql());
        } else {
          talk.text(line.sql());
        }
        if (line.varies() == Varies.PLAN) {
          talk.seen.subList(from, talk.seen.size()).replaceAll(Talk::withoutPlan);
        }
      }
      if (line.sql().endsWith(RELEASES)) {
        talk.note("closed", List.of(Boolean.toString(talk.client.closed())));
      }
    }
  }

  /** The first packet of a scenario that differs, with what led to it; empty when none does. */
  static String difference(String scenario, List<String> direct, List<String> relayed) {
    for (int i = 0; i < Math.max(direct.size(), relayed.size()); i++) {
      String wanted = i < direct.size() ? direct.get(i) : "(nothing)";
      String got = i < relayed.size() ? relayed.get(i) : "(nothing)";
      if (wanted.endsWith("closed") && got.startsWith(LOST, 8)) {
        return ""; // the relay says why before it closes
      }
      if (!wanted.equals(got)) {
        List<String> before =
            direct.subList(Math.max(0, Math.min(i, direct.size()) - 4), Math.min(i, direct.size()));
        return "\n[%s] packet %d\n  after    %s\n  directly %s\n  relayed  %s\n"
            .formatted(
                scenario, i, readable(before), readable(List.of(wanted)), readable(List.of(got)));
      }
    }
    return "";
  }

  private static String readable(List<String> packets) {
    return packets.stream()
        .map(p -> p.matches("([0-9a-f]{2})+") ? p + " " + printable(p) : p)
        .map(p -> p.length() > 700 ? p.substring(0, 700) + "…" : p)
        .toList()
        .toString();
  }

  private static String printable(String hex) {
    Matcher bytes = Pattern.compile("..").matcher(hex);
    StringBuilder text = new StringBuilder("\"");
    while (bytes.find()) {
      int b = Integer.parseInt(bytes.group(), 16);
      text.append(b >= 32 && b < 127 ? (char) b : '.');
    }
    return text.append('"').toString();
  }
}
