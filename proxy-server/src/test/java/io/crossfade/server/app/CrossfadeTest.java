package io.crossfade.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CrossfadeTest {
  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void saysWhatAGoodConfigurationWouldDo() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("good.yaml"),
            """
            mysql: {address: "db:3306"}
            data-directory: data
            tables:
              social.follower: {list-key: [user_id], orders: {newest: [created_at desc]}}
            """);

    assertThat(execute("check-config", file.toString())).isZero();
    assertThat(out.toString())
        .contains(
            "good.yaml is good",
            "listens on 127.0.0.1:3307 and relays to MySQL at db:3306",
            "watches social.follower -> HBase table follower (wide, a list per user_id, order"
                + " newest: created_at desc, 16 regions)",
            "no plugin: it only relays",
            "http://127.0.0.1:9090/");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void endsWithTwoAndAllProblemsForAWrongConfiguration() throws Exception {
    Path file = Files.writeString(directory.resolve("bad.yaml"), "lissen: 1\nlimit: 2\n");

    assertThat(execute("check-config", file.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains(":1: lissen: unknown key; did you mean 'listen'?")
        .contains(":2: limit: unknown key; did you mean 'limits'?")
        .contains("2 problems, refused");
    assertThat(execute("run", "--config", file.toString())).isEqualTo(2);
  }

  @Test
  void readsTheCertificates() throws Exception {
    Path pem = Files.writeString(directory.resolve("server.pem"), "nothing");
    Path file =
        Files.writeString(
            directory.resolve("tls.yaml"),
            """
            mysql: {address: "db:3306"}
            data-directory: data
            tls: {certificate: %s, private-key: %s}
            tables:
              social.follower: {list-key: [user_id], orders: {newest: [created_at desc]}}
            """
                .formatted(pem, pem));

    assertThat(execute("check-config", file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("tls.yaml: ", "server.pem", "certificate");
  }

  @Test
  void explainsItself() {
    assertThat(execute("--help")).isZero();
    assertThat(out.toString()).contains("run", "check-config", "Usage: crossfade");
    assertThat(execute()).isEqualTo(2);
    assertThat(execute("no-such-command")).isEqualTo(2);
    assertThat(execute("check-config")).isEqualTo(2);
  }

  private int execute(String... arguments) {
    CommandLine commandLine = Crossfade.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }
}
