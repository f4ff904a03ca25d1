package io.crossfade.bench.lab;

import io.crossfade.bench.load.LoadProcess;
import io.crossfade.sandbox.Closer;
import io.crossfade.sandbox.DataDirectory;
import io.crossfade.sandbox.EmbeddedHBase;
import io.crossfade.sandbox.EmbeddedMySql;
import io.crossfade.sandbox.HBaseOptions;
import io.crossfade.sandbox.MySqlOptions;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything that runs during a benchmark. */
public final class Lab implements AutoCloseable {
  /** Connections that servers allow beyond those asked for. */
  private static final int SPARE = 500;

  private final Closer closer = new Closer(System.err::println);
  private final List<RunningTarget> targets = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();
  private final LabOptions options;
  private final Path directory;
  private final EmbeddedMySql mysql;
  private final Optional<EmbeddedHBase> hbase;
  private final LoadProcess load;

  /**
   * Starts everything that was asked for; when something is not on this machine it is skipped.
   *
   * @throws IOException when something is there and does not start
   */
  public Lab(LabOptions options) throws IOException, InterruptedException, SQLException {
    this.options = options;
    Runtime.getRuntime().addShutdownHook(new Thread(closer::close, "bench-stop"));
    try {
      Path fresh = Files.createTempDirectory("crossfade-bench").toAbsolutePath();
      closer.register(() -> DataDirectory.deleteTree(fresh));
      directory = fresh;
      mysql =
          closer.register(
              EmbeddedMySql.start(
                  MySqlOptions.temporary()
                      .withBufferPoolMiB(512)
                      .withFlags(
                          "--max-connections=" + (options.connections() + SPARE),
                          "--open-files-limit=" + (options.connections() + 4000),
                          "--thread-cache-size=300",
                          "--innodb-redo-log-capacity=512M")));
      Dataset.fill(mysql, options.shape());
      if (options.kinds().stream().anyMatch(Kind::needsHBase)) {
        hbase = Optional.of(closer.register(EmbeddedHBase.start(HBaseOptions.temporary())));
      } else {
        hbase = Optional.empty();
      }
      load = closer.register(LoadProcess.start());
      for (Kind kind : options.kinds()) {
        start(kind);
      }
    } catch (IOException | InterruptedException | SQLException | RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  private void start(Kind kind) throws IOException, InterruptedException {
    switch (kind) {
      case DIRECT -> targets.add(RunningTarget.plain(kind, mysql.port(), 0));
      case HAPROXY -> haproxy();
      case ROUTER -> router();
      case RELAY -> crossfade(kind, "");
      case BESIDE, WATCHED ->
          crossfade(kind, hbase.map(EmbeddedHBase::bootstrapServers).orElse(""));
      case SHARDINGSPHERE -> shardingSphere();
    }
  }

  private Path directory(Kind kind) throws IOException {
    return Files.createDirectories(directory.resolve(kind.label()));
  }

  private int clients() {
    return options.connections() + SPARE;
  }

  private void crossfade(Kind kind, String bootstrapServers)
      throws IOException, InterruptedException {
    targets.add(
        CrossfadeProxy.start(
            kind, options.distribution(), directory(kind), mysql.port(), bootstrapServers, closer));
  }

  private void haproxy() throws IOException, InterruptedException {
    Optional<Path> program = onPath("haproxy");
    if (program.isEmpty()) {
      skip(Kind.HAPROXY, "no haproxy on the PATH (Debian: apt-get install haproxy)");
      return;
    }
    targets.add(
        HaProxy.start(program.get(), directory(Kind.HAPROXY), mysql.port(), clients(), closer));
  }

  private void router() throws IOException, InterruptedException {
    List<String> command = options.routerCommand();
    if (command.isEmpty()) {
      Optional<Path> program = onPath("mysqlrouter");
      if (program.isEmpty()) {
        skip(Kind.ROUTER, "no mysqlrouter on the PATH (or say --mysqlrouter COMMAND)");
        return;
      }
      command = List.of(program.get().toString());
    }
    targets.add(
        MySqlRouter.start(command, directory(Kind.ROUTER), mysql.port(), clients(), closer));
  }

  private void shardingSphere() throws InterruptedException {
    try {
      targets.add(
          ShardingSphereProxy.start(
              options.cache(), directory(Kind.SHARDINGSPHERE), mysql.port(), closer));
    } catch (IOException e) {
      skip(Kind.SHARDINGSPHERE, String.valueOf(e.getMessage()));
    }
  }

  private void skip(Kind kind, String reason) {
    String line = kind.title() + " is skipped: " + reason;
    System.out.println(line);
    skipped.add(line);
  }

  private static Optional<Path> onPath(String program) {
    @Nullable String path = System.getenv("PATH");
    return Stream.concat(
            Stream.of((path == null ? "" : path).split(File.pathSeparator)),
            Stream.of("/usr/sbin", "/usr/local/sbin"))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Those that run, in the order in which they were asked for. */
  public List<RunningTarget> targets() {
    return List.copyOf(targets);
  }

  /** One line for each target that was asked for and is not here. */
  public List<String> skipped() {
    return List.copyOf(skipped);
  }

  /** MySQL's process. */
  public long mysqlPid() {
    return mysql.pid();
  }

  /** HBase's process; 0 = none. */
  public long hbasePid() {
    return hbase.map(EmbeddedHBase::pid).orElse(0L);
  }

  /** HBase, to be stopped and started again. */
  public EmbeddedHBase hbase() {
    return hbase.orElseThrow(() -> new IllegalStateException("nothing here needs HBase"));
  }

  /** Where a Crossfade keeps its data. */
  public Path dataDirectory(Kind kind) {
    return directory.resolve(kind.label()).resolve("data");
  }

  /** The load generator. */
  public LoadProcess load() {
    return load;
  }

  /** Stops everything and deletes its data. */
  @Override
  public void close() {
    closer.close();
  }
}
