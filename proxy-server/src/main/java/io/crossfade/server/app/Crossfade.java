package io.crossfade.server.app;

import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.api.sql.DruidSqlAnalyzer;
import io.crossfade.server.config.ConfigException;
import io.crossfade.server.config.ConfigLoader;
import io.crossfade.server.config.Problem;
import io.crossfade.server.frontend.RelayServer;
import io.crossfade.server.session.RelaySettings;
import io.crossfade.server.session.WatchedNames;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.PrintWriter;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sun.misc.Signal;

/** The command line. Exit codes: 0 done, 1 cannot start, 2 wrong usage or configuration. */
@Command(
    name = "crossfade",
    description = "Moves a live MySQL table to HBase behind a transparent MySQL-protocol proxy.",
    mixinStandardHelpOptions = true,
    versionProvider = Crossfade.Versions.class,
    synopsisSubcommandLabel = "COMMAND")
public final class Crossfade implements Runnable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Crossfade.class);
  private static final int CANNOT_START = 1;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Runs the command and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command line without the exit. */
  static CommandLine commandLine() {
    return new CommandLine(new Crossfade());
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Say what to do.");
  }

  /** For {@code --version}. */
  static final class Versions implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"crossfade " + Version.current()};
    }
  }

  @Command(
      name = "run",
      mixinStandardHelpOptions = true,
      description = "Runs the proxy until it is told to stop (SIGTERM, SIGINT).")
  int run(
      @Option(
              names = "--config",
              paramLabel = "FILE",
              defaultValue = "conf/crossfade.yaml",
              description = "The configuration (default: ${DEFAULT-VALUE}).")
          Path file,
      @Option(
              names = "--take-over",
              description =
                  "Takes the listening sockets over from a running proxy with the same data"
                      + " directory, which then ends; without one it just starts.")
          boolean takeOver)
      throws InterruptedException {
    ProxyApplication application =
        new ProxyApplication(file, Plugins.onClassPath(), System::getenv, Crossfade::relay);
    Runtime.getRuntime().addShutdownHook(new Thread(application::close, "shutdown"));
    try {
      application.start(takeOver);
    } catch (ConfigException e) {
      return refuse(e);
    } catch (StartException e) {
      LOGGER.atDebug().setCause(e).log("cannot start");
      err().println("crossfade: cannot start: " + e.getMessage());
      return CANNOT_START;
    }
    Signal.handle(new Signal("HUP"), signal -> application.reload("signal"));
    application.awaitStopped();
    return CommandLine.ExitCode.OK;
  }

  @Command(
      name = "check-config",
      mixinStandardHelpOptions = true,
      description = "Checks a configuration as a whole and says what it would do.")
  int checkConfig(
      @Parameters(paramLabel = "FILE", description = "The configuration to check.") Path file) {
    try {
      var loaded = new ConfigLoader(Plugins.onClassPath(), System::getenv).load(file);
      RelayServer.check(ProxyApplication.settings(loaded.config()));
      PrintWriter out = spec.commandLine().getOut();
      out.println(file + " is good. With it, crossfade run");
      out.println(ConfigSummary.of(loaded));
      out.flush();
      return CommandLine.ExitCode.OK;
    } catch (ConfigException e) {
      return refuse(e);
    } catch (IllegalStateException e) {
      String message = String.valueOf(e.getMessage());
      return refuse(new ConfigException(List.of(new Problem(file.toString(), 0, "", message))));
    }
  }

  private int refuse(ConfigException e) {
    for (Problem problem : e.problems()) {
      err().println(problem);
    }
    int count = e.problems().size();
    err().println("crossfade: " + count + (count == 1 ? " problem" : " problems") + ", refused");
    return CommandLine.ExitCode.USAGE;
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }

  private static Relay relay(
      RelaySettings settings,
      List<InterceptorFactory<?>> plugins,
      WatchedNames watched,
      MeterRegistry meters) {
    RelayServer server =
        new RelayServer(settings, plugins, watched, new DruidSqlAnalyzer(), meters);
    return new Relay() {
      @Override
      public List<SocketAddress> start(Map<String, Integer> inherited) {
        return server.start(inherited);
      }

      @Override
      public Map<String, Integer> descriptors() {
        return server.descriptors();
      }

      @Override
      public void handedOver() {
        server.handedOver();
      }

      @Override
      public Optional<Runnable> prepareTls() {
        return server.prepareTls();
      }

      @Override
      public int connections() {
        return server.connections();
      }

      @Override
      public void drain(Duration limit) {
        server.drain(limit);
      }

      @Override
      public void close() {
        server.close();
      }
    };
  }
}
