package io.crossfade.distribution.clients;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;

/** MariaDB Connector/J in the ways its options make it speak. */
final class MariaDbConnectorProgram implements ClientProgram {
  private static final String DRIVER = "mariadb";

  @Override
  public String name() {
    return "mariadb_connector_j";
  }

  @Override
  public void run(Endpoint endpoint, Transcript t) throws Exception {
    String common = "timezone=UTC&allowPublicKeyRetrieval=true";
    try (Connection c = endpoint.connect(DRIVER, common)) {
      new JdbcWork(c, t).prepareSchema();
    }
    for (String options :
        List.of(
            "sslMode=trust&useBulkStmts=true&useCompression=true",
            "useServerPrepStmts=true&disablePipeline=false&useBulkStmts=false",
            "useServerPrepStmts=true&disablePipeline=true&defaultFetchSize=9",
            "rewriteBatchedStatements=true&allowMultiQueries=true&permitRedirect=false")) {
      t.add("## " + options);
      try (Connection c = endpoint.connect(DRIVER, common + "&" + options)) {
        new JdbcWork(c, t).all();
      }
    }
    String options = common + "&allowLocalInfile=true&allowMultiQueries=true";
    try (Connection c = endpoint.connect(DRIVER, options, Endpoint.SHA2_USER);
        Statement s = c.createStatement()) {
      JdbcWork work = new JdbcWork(c, t);
      JdbcBulk bulk = new JdbcBulk(c, t);
      t.step("several statements", () -> t.execute(s, "SELECT 1; DO 0; SELECT 2, 3; SET @a = 4"));
      t.step("long data", bulk::longData);
      t.step("large row", bulk::largeRow);
      bulk.loadLocalInfile();
      work.analyse();
      JdbcMetadata.ask(c, endpoint.schema(), t);
      t.step(
          "streaming, given up half-way",
          () -> {
            s.setFetchSize(10);
            try (ResultSet r = s.executeQuery("SELECT * FROM follower ORDER BY user_id")) {
              for (int i = 0; i < 25 && r.next(); i++) {
                t.add("| " + r.getString(1));
              }
            }
            work.query("SELECT 'in order'");
          });
      t.step(
          "query time limit",
          () -> {
            s.setQueryTimeout(1);
            t.execute(s, "SELECT SLEEP(20)");
          });
      t.step("schema of the session", () -> c.setCatalog("nowhere"));
      t.add("valid " + c.isValid(5));
    }
    t.step("wrong password", () -> endpoint.connect(DRIVER, common, "app2").close());
  }
}
