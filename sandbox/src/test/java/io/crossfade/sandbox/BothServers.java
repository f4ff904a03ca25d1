package io.crossfade.sandbox;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A JVM to be killed: starts both servers, says their pids, and waits for its end. */
final class BothServers {
  private BothServers() {}

  public static void main(String[] args) throws InterruptedException {
    Path directory = Path.of(args[0]);
    EmbeddedMySql mysql = EmbeddedMySql.start(MySqlOptions.in(directory.resolve("mysql")));
    EmbeddedHBase hbase = EmbeddedHBase.start(HBaseOptions.in(directory.resolve("hbase")));
    System.out.println("PIDS " + mysql.pid() + " " + hbase.pid());
    System.out.flush();
    new CountDownLatch(1).await();
  }
}
