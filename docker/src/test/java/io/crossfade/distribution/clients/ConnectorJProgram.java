package io.crossfade.distribution.clients;

import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.jdbc.JdbcStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/** MySQL Connector/J in the ways its options make it speak. */
final class ConnectorJProgram implements ClientProgram {
  private static final String DRIVER = "mysql";
  private static final String COMMON = "connectionTimeZone=UTC&allowPublicKeyRetrieval=true";

  @Override
  public String name() {
    return "connector_j";
  }

  @Override
  public void run(Endpoint endpoint, Transcript t) throws Exception {
    try (Connection c = endpoint.connect(DRIVER, COMMON)) {
      new JdbcWork(c, t).prepareSchema();
    }
    for (Map.Entry<String, String> option : options().entrySet()) {
      t.add("## " + option.getKey() + ": " + option.getValue());
      try (Connection c =
          endpoint.connect(DRIVER, COMMON + "&" + option.getValue(), option.getKey())) {
        new JdbcWork(c, t).all();
      }
    }
    once(endpoint, t);
  }

  /** Account and options; each account knows another plugin. */
  private static Map<String, String> options() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put(Endpoint.USER, "sslMode=PREFERRED&useCompression=true");
    all.put(
        Endpoint.SHA2_USER,
        "sslMode=DISABLED&useServerPrepStmts=true&cachePrepStmts=true&useCursorFetch=true"
            + "&defaultFetchSize=7&rewriteBatchedStatements=true&noAccessToProcedureBodies=true"
            + "&useLocalSessionState=true");
    return all;
  }

  private static void once(Endpoint endpoint, Transcript t) throws Exception {
    String options =
        COMMON
            + "&allowMultiQueries=true&rewriteBatchedStatements=true&allowLoadLocalInfile=true"
            + "&useServerPrepStmts=true&sessionVariables=innodb_lock_wait_timeout=1";
    try (Connection c = endpoint.connect(DRIVER, options, Endpoint.SHA2_USER);
        Statement s = c.createStatement()) {
      JdbcWork work = new JdbcWork(c, t);
      JdbcBulk bulk = new JdbcBulk(c, t);
      t.add("## once: " + options);
      work.all();
      t.step("several statements", () -> t.execute(s, "SELECT 1; DO 0; SELECT 2, 3; SET @a = 4"));
      t.step("several with an error", () -> t.execute(s, "SELECT 1; SELECT * FROM gone; SELECT 2"));
      t.step(
          "several on the watched table",
          () ->
              t.execute(
                  s,
                  "INSERT INTO follower VALUES (80, 1, '2025-01-01', 1);"
                      + "UPDATE follower SET status = 2 WHERE user_id = 80; SELECT ROW_COUNT()"));
      t.step("long data", bulk::longData);
      t.step("large row", bulk::largeRow);
      bulk.loadLocalInfile();
      work.analyse();
      JdbcMetadata.ask(c, endpoint.schema(), t);
      t.step(
          "streaming",
          () -> {
            s.unwrap(JdbcStatement.class).enableStreamingResults();
            int rows = 0;
            try (ResultSet r = s.executeQuery("SELECT * FROM follower ORDER BY user_id")) {
              while (r.next()) {
                rows++;
              }
            }
            t.add("rows " + rows);
          });
      t.step(
          "query time limit, which is a KILL QUERY",
          () -> {
            try (PreparedStatement p = c.prepareStatement("SELECT SLEEP(20)")) {
              p.setQueryTimeout(1);
              p.execute();
            }
          });
      t.step("after the kill", () -> work.query("SELECT 'alive'"));
      t.step(
          "another user, then a reset",
          () -> {
            JdbcConnection own = c.unwrap(JdbcConnection.class);
            work.query("SET @kept = 1");
            own.changeUser(Endpoint.USER, Endpoint.USER);
            work.query("SELECT CURRENT_USER(), DATABASE(), @kept");
            work.query("SET @kept = 2");
            own.resetServerState();
            work.query("SELECT CURRENT_USER(), DATABASE(), @kept");
          });
      lockWait(endpoint, t, options);
      t.step(
          "schema of the session",
          () -> {
            c.setCatalog("mysql");
            work.query("SELECT DATABASE()");
            t.add("valid " + c.isValid(5));
          });
    }
    t.step("wrong password", () -> endpoint.connect(DRIVER, COMMON, "app2").close());
    t.step(
        "no such schema",
        () ->
            new Endpoint(endpoint.host(), endpoint.port(), "no_such_schema")
                .connect(DRIVER, COMMON)
                .close());
  }

  private static void lockWait(Endpoint endpoint, Transcript t, String options) {
    t.step(
        "lock wait",
        () -> {
          try (Connection one = endpoint.connect(DRIVER, options);
              Connection two = endpoint.connect(DRIVER, options)) {
            one.setAutoCommit(false);
            two.setAutoCommit(false);
            String sql = "UPDATE follower SET status = status + 1 WHERE user_id = 80";
            new JdbcWork(one, t).query(sql);
            t.step("the second waits in vain", () -> new JdbcWork(two, t).query(sql));
            one.commit();
            new JdbcWork(two, t).query(sql);
            two.commit();
          }
        });
  }
}
