package io.crossfade.distribution.clients;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A client that is a process: a script under {@code src/test/clients} that is called with host,
 * port and schema and prints what it sees.
 *
 * @param name see {@link ClientProgram}
 * @param interpreter the command before the script
 * @param script below {@code src/test/clients}
 * @param probe a command that succeeds where everything needed is installed
 * @param installation what to tell whoever lacks it
 */
record ScriptProgram(
    String name, List<String> interpreter, String script, List<String> probe, String installation)
    implements ClientProgram {
  private static final Path SCRIPTS = Path.of("src", "test", "clients");
  private static final int LIMIT_SECONDS = 60;

  /** The {@code mariadb} command line. */
  static ScriptProgram mariaDbCommandLine() {
    return new ScriptProgram(
        "mariadb_cli",
        List.of("bash"),
        "mariadb/program.sh",
        List.of("mariadb", "--version"),
        "Debian package mariadb-client");
  }

  /** A dump, and a restore of it. */
  static ScriptProgram mysqldump() {
    return new ScriptProgram(
        "mysqldump",
        List.of("bash"),
        "mysqldump/program.sh",
        List.of("mysqldump", "--version"),
        "Debian package mariadb-client");
  }

  /** The Node driver mysql2. */
  static ScriptProgram mysql2() {
    return new ScriptProgram(
        "mysql2",
        List.of("node"),
        "node/program.js",
        List.of("node", "-e", "require('./src/test/clients/node/node_modules/mysql2')"),
        "Debian package nodejs, and: npm ci --prefix docker/src/test/clients/node");
  }

  /** Python's PyMySQL; Debian's packages are seen by Debian's own interpreter only. */
  static ScriptProgram pyMySql() {
    return new ScriptProgram(
        "pymysql",
        List.of("/usr/bin/python3", "-B"),
        "pymysql/program.py",
        List.of("/usr/bin/python3", "-c", "import pymysql, cryptography"),
        "Debian packages python3-pymysql python3-cryptography");
  }

  /** PHP's mysqli and PDO. */
  static ScriptProgram php() {
    return new ScriptProgram(
        "php",
        List.of("php", "-d", "display_errors=stderr", "-d", "mysqli.allow_local_infile=On"),
        "php/program.php",
        List.of(
            "php",
            "-r",
            "exit(extension_loaded('mysqli') && extension_loaded('pdo_mysql') ? 0 : 1);"),
        "Debian packages php-cli php-mysql");
  }

  @Override
  public Optional<String> missing() {
    try {
      Process process =
          new ProcessBuilder(probe)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0 ? Optional.empty() : Optional.of(installation);
    } catch (IOException e) {
      return Optional.of(installation);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void run(Endpoint endpoint, Transcript transcript) throws Exception {
    Path output = Files.createTempFile("crossfade-client", ".out");
    Path errors = Files.createTempFile("crossfade-client", ".err");
    try {
      ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(interpreter));
      builder
          .command()
          .addAll(
              List.of(
                  SCRIPTS.resolve(script).toString(),
                  endpoint.host(),
                  Integer.toString(endpoint.port()),
                  endpoint.schema()));
      builder.environment().put("LC_ALL", "C.UTF-8");
      builder.environment().put("TZ", "UTC");
      Process process =
          builder.redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
      process.getOutputStream().close();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        transcript.add("NOT ENDED after " + LIMIT_SECONDS + " s");
      }
      transcript.add("exit status " + process.exitValue());
      text(output).lines().forEach(transcript::add);
      transcript.add("standard error:");
      text(errors).lines().forEach(transcript::add);
      if (process.exitValue() != 0) {
        List<String> lines = transcript.lines();
        throw new IllegalStateException(
            String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size())));
      }
    } finally {
      Files.delete(output);
      Files.delete(errors);
    }
  }

  /** Every byte is a character of its own where the output is not UTF-8. */
  private static String text(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    String utf8 = new String(bytes, StandardCharsets.UTF_8);
    return utf8.indexOf('\uFFFD') < 0 ? utf8 : new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
