package io.crossfade.distribution.clients;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;

/** Flyway with MySQL's own driver: versioned, repeatable and failing migrations. */
final class FlywayProgram implements ClientProgram {
  @Override
  public String name() {
    return "flyway";
  }

  @Override
  public void run(Endpoint endpoint, Transcript t) throws Exception {
    Flyway good = flyway(endpoint, "classpath:migrations");
    t.add("migrations " + good.migrate().migrationsExecuted);
    state(good, t);
    t.add("migrations " + good.migrate().migrationsExecuted);
    t.add("valid " + good.validateWithResult().validationSuccessful);

    Flyway bad = flyway(endpoint, "classpath:migrations", "classpath:migrations-failing");
    try {
      bad.migrate();
      t.add("! nothing was wrong");
    } catch (FlywayException e) {
      for (Throwable c = e; c != null; c = c.getCause()) {
        if (c instanceof SQLException sql) {
          t.error(sql);
        }
      }
      t.add("! " + e.getClass().getSimpleName());
    }
    state(bad, t);
    t.add("repaired " + bad.repair().repairActions);
    state(bad, t);
    try (Connection c = endpoint.connect("mysql", "")) {
      JdbcWork work = new JdbcWork(c, t);
      work.query("SELECT * FROM popular ORDER BY name");
      work.query("SELECT * FROM account ORDER BY id");
      work.query("SELECT * FROM follower ORDER BY user_id, follower_id");
      work.query(
          "SELECT installed_rank, version, description, type, script, checksum, installed_by,"
              + " success FROM flyway_schema_history ORDER BY installed_rank");
    }
  }

  private static Flyway flyway(Endpoint endpoint, String... locations) {
    return Flyway.configure()
        .dataSource(endpoint.url("mysql", ""), Endpoint.USER, Endpoint.USER)
        .locations(locations)
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .load();
  }

  private static void state(Flyway flyway, Transcript t) {
    for (MigrationInfo info : Arrays.asList(flyway.info().all())) {
      t.add("| " + info.getVersion() + " " + info.getDescription() + " " + info.getState());
    }
  }
}
