package io.crossfade.distribution.clients;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.zip.CRC32;

/** What moves much data through JDBC; it needs the tables of {@link JdbcWork}. */
final class JdbcBulk {
  private final Connection connection;
  private final Transcript t;
  private final JdbcWork work;

  JdbcBulk(Connection connection, Transcript transcript) {
    this.connection = connection;
    this.t = transcript;
    this.work = new JdbcWork(connection, transcript);
  }

  /** A row of more than one packet, there and back. */
  void largeRow() throws SQLException {
    byte[] blob = new byte[17 << 20];
    new Random(11).nextBytes(blob);
    try (PreparedStatement p =
        connection.prepareStatement("UPDATE kinds SET bl = ? WHERE id = 1")) {
      p.setBytes(1, blob);
      t.add("count " + p.executeUpdate());
    }
    try (Statement s = connection.createStatement();
        ResultSet r = s.executeQuery("SELECT id, bl, v FROM kinds WHERE id <= 2 ORDER BY id")) {
      while (r.next()) {
        CRC32 digest = new CRC32();
        byte[] back = r.getBytes(2);
        digest.update(back);
        t.add("blob " + back.length + " " + digest.getValue() + " " + r.getString(3));
      }
    }
  }

  /**
   * LOAD DATA LOCAL INFILE into the watched table, with a row that warns, and of a missing file.
   */
  void loadLocalInfile() throws Exception {
    Path file = Files.createTempFile("crossfade-load", ".csv");
    try {
      StringBuilder csv = new StringBuilder();
      for (int i = 1; i <= 5000; i++) {
        csv.append("400,")
            .append(i)
            .append(",2025-04-04 00:00:00.")
            .append(i % 1000)
            .append(",1\n");
      }
      csv.append("400,6000,not a date,2\n");
      Files.writeString(file, csv);
      String load =
          " INTO TABLE follower FIELDS TERMINATED BY ',' (user_id, follower_id, created_at, status)";
      t.step(
          "load",
          () -> {
            try (Statement s = connection.createStatement()) {
              t.add("count " + s.executeUpdate("LOAD DATA LOCAL INFILE '" + file + "'" + load));
              t.warnings(s.getWarnings());
            }
          });
      work.query("SELECT COUNT(*), SUM(status), MAX(created_at) FROM follower WHERE user_id = 400");
    } finally {
      Files.delete(file);
    }
    t.step(
        "load of a missing file",
        () -> {
          try (Statement s = connection.createStatement()) {
            t.add(
                "count "
                    + s.executeUpdate(
                        "LOAD DATA LOCAL INFILE '/nowhere/at/all.csv' INTO TABLE follower"));
          } catch (SQLException e) {
            t.add("! " + e.getErrorCode() + " " + e.getSQLState());
          }
        });
    t.step("still in order", () -> work.query("SELECT 'yes'"));
  }

  /** A stream of unknown length, sent as long data. */
  void longData() throws SQLException {
    byte[] bytes = "long data ".repeat(20_000).getBytes(StandardCharsets.UTF_8);
    try (PreparedStatement p = connection.prepareStatement("UPDATE kinds SET bl = ? WHERE id = 2");
        InputStream in = new ByteArrayInputStream(bytes)) {
      p.setBinaryStream(1, in);
      t.add("count " + p.executeUpdate());
    } catch (IOException e) {
      throw new SQLException(e);
    }
    work.query("SELECT LENGTH(bl), MD5(bl) FROM kinds WHERE id = 2");
  }
}
