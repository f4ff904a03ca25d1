package io.crossfade.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.mapping.TableConfig.OrderColumn;
import io.crossfade.api.sql.TableName;
import io.crossfade.server.config.CrossfadeConfig.TlsVersion;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
  private static final String SMALLEST =
      """
      mysql: {address: "db:3306"}
      data-directory: data
      tables:
        social.follower: {list-key: [user_id]}
      """;

  @TempDir Path directory;
  private Path file;
  private ConfigLoader loader;

  @BeforeEach
  void setUp() {
    file = directory.resolve("crossfade.yaml");
    loader =
        new ConfigLoader(
            List.of(
                new ExamplePlugin("dualwrite", 1, new ArrayList<>()),
                new ExamplePlugin("readswitch", 2, new ArrayList<>())),
            Map.of("SECRET", "hunter2")::get);
  }

  @Test
  void fillsInEveryDefault() throws Exception {
    CrossfadeConfig config = load(SMALLEST).config();

    assertThat(config)
        .isEqualTo(
            new CrossfadeConfig(
                List.of(Endpoint.of("127.0.0.1", 3307)),
                new CrossfadeConfig.Mysql(
                    Endpoint.of("db", 3306),
                    null,
                    null,
                    new CrossfadeConfig.MysqlTls(CrossfadeConfig.Verify.NONE, null),
                    CrossfadeConfig.MysqlCompression.NONE),
                new CrossfadeConfig.Tls(
                    null, null, Set.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3), List.of()),
                false,
                new CrossfadeConfig.ProxyProtocol(List.of()),
                new CrossfadeConfig.Tcp(
                    Duration.ofMinutes(2), Duration.ofSeconds(15), 4, Duration.ZERO),
                new CrossfadeConfig.Limits(
                    new ByteSize(4L * 1024 * 1024),
                    10_000,
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    0,
                    Duration.ofSeconds(30)),
                new CrossfadeConfig.Admin(new HostPort("127.0.0.1", 9090), List.of()),
                null,
                directory.resolve("data"),
                Map.of(
                    new TableName("social", "follower"),
                    new CrossfadeConfig.Table(null, Layout.WIDE, List.of("user_id"), Map.of(), 16)),
                Map.of()));
    assertThat(config.tableConfigs())
        .containsExactly(
            new TableConfig(
                new TableName("social", "follower"),
                "follower",
                Layout.WIDE,
                List.of("user_id"),
                List.of(),
                16));
  }

  @Test
  void readsEveryKey() throws Exception {
    Files.writeString(directory.resolve("cert.pem"), "certificate");
    Files.writeString(directory.resolve("key.pem"), "key");
    CrossfadeConfig config =
        load("""
                listen: ["[::1]:4000", "unix:/run/crossfade.sock"]
                mysql:
                  address: unix:/run/mysqld.sock
                  plugins-address: 10.0.0.1:3306
                  send-proxy-protocol: v2
                  compression: as-client
                  tls: {verify: ca, ca: cert.pem}
                tls: {certificate: cert.pem, private-key: key.pem, versions: [TLSv1.3], ciphers: [TLS_AES_128_GCM_SHA256]}
                require-tls: true
                proxy-protocol: {accept-from: [10.0.0.0/8, "::1"]}
                tcp: {keep-alive: 0s, keep-alive-interval: 1s, keep-alive-probes: 2, user-timeout: 3m}
                limits: {inspect: 64 KiB, connections: 5, plugin-time: 40s, connect-timeout: 2m, login: 1m, threads: 3, drain: 0s}
                admin: {listen: 0.0.0.0:1, host-names: [ops.example]}
                hand-over: /run/crossfade-hand-over.sock
                data-directory: /var/lib/crossfade
                tables:
                  a.b: {hbase-table: "ns:b", layout: tall, list-key: [x, y], orders: {newest: [t desc, u]}, regions: 2}
                """)
            .config();

    assertThat(config)
        .isEqualTo(
            new CrossfadeConfig(
                List.of(
                    Endpoint.of("::1", 4000), new Endpoint(null, Path.of("/run/crossfade.sock"))),
                new CrossfadeConfig.Mysql(
                    new Endpoint(null, Path.of("/run/mysqld.sock")),
                    new HostPort("10.0.0.1", 3306),
                    CrossfadeConfig.ProxyHeader.V2,
                    new CrossfadeConfig.MysqlTls(
                        CrossfadeConfig.Verify.CA, directory.resolve("cert.pem")),
                    CrossfadeConfig.MysqlCompression.AS_CLIENT),
                new CrossfadeConfig.Tls(
                    directory.resolve("cert.pem"),
                    directory.resolve("key.pem"),
                    Set.of(TlsVersion.TLS_1_3),
                    List.of("TLS_AES_128_GCM_SHA256")),
                true,
                new CrossfadeConfig.ProxyProtocol(
                    List.of(new Network("10.0.0.0", 8), new Network("::1", 128))),
                new CrossfadeConfig.Tcp(
                    Duration.ZERO, Duration.ofSeconds(1), 2, Duration.ofMinutes(3)),
                new CrossfadeConfig.Limits(
                    new ByteSize(65_536),
                    5,
                    Duration.ofSeconds(40),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(1),
                    3,
                    Duration.ZERO),
                new CrossfadeConfig.Admin(new HostPort("0.0.0.0", 1), List.of("ops.example")),
                Path.of("/run/crossfade-hand-over.sock"),
                Path.of("/var/lib/crossfade"),
                Map.of(
                    new TableName("a", "b"),
                    new CrossfadeConfig.Table(
                        "ns:b",
                        Layout.TALL,
                        List.of("x", "y"),
                        Map.of(
                            "newest",
                            List.of(new OrderColumn("t", true), new OrderColumn("u", false))),
                        2)),
                Map.of()));
  }

  @Test
  void reportsAllProblemsAtOnceWithTheirLines() throws Exception {
    assertThat(
            problems(
                """
                listen: 3307
                mysql: {adress: "db:3306"}
                limits:
                  conections: 5
                  plugin-time: soon
                  plugin-time: 5s
                tables:
                  follower: {list-key: [user_id]}
                plugins:
                  dualwrte: {}
                  readswitch: {time-limit: 50, mode: lax, lists: [1]}
                """))
        .containsExactlyInAnyOrder(
            "1: listen[0]: '3307' is not an address of the form host:port or unix:/absolute/path",
            "2: mysql.adress: unknown key; did you mean 'address'?",
            "4: limits.conections: unknown key; did you mean 'connections'?",
            "5: limits.plugin-time: 'soon' is not a time such as 40ms, 20s or 2m",
            "6: limits.plugin-time: is given twice (first in line 5)",
            "8: tables.follower: 'follower' is not a table of the form schema.table",
            "10: plugins.dualwrte: unknown plugin; did you mean 'dualwrite'?",
            "11: plugins.readswitch.time-limit: '50' is not a time such as 40ms, 20s or 2m",
            "11: plugins.readswitch.mode: 'lax' is not one of almost-strict, strict",
            "11: plugins.readswitch.lists: must be a mapping, but is a list");
  }

  @Test
  void reportsWhatIsOutOfRangeOrContradicts() throws Exception {
    assertThat(
            problems(
                """
                listen: 127.0.0.1:3306
                mysql: {address: 127.0.0.1:3306}
                admin: {listen: 127.0.0.1:3306}
                data-directory: data
                tls: {certificate: none.pem, private-key: none.key}
                limits:
                  connections: 0
                  inspect: 2 GiB
                tables:
                  a.b: {hbase-table: "no table!", list-key: [x, x], orders: {o: []}}
                  a.c: {hbase-table: "no table!", regions: 0}
                plugins:
                  dualwrite:
                    workers: -1
                    lists: {a.d: []}
                """))
        .containsExactlyInAnyOrder(
            "1: listen: is the address of MySQL itself; the proxy would call itself",
            "3: admin.listen: is the address where MySQL clients connect (listen)",
            "5: tls.certificate: cannot read the file " + directory.resolve("none.pem"),
            "5: tls.private-key: cannot read the file " + directory.resolve("none.key"),
            "7: limits.connections: must be between 1 and 1000000",
            "8: limits.inspect: must be between 1 KiB and 1 GiB",
            "10: tables.a.b.hbase-table: 'no table!' is no name for an HBase table (letters,"
                + " digits, _ - .)",
            "10: tables.a.b.list-key: names a column twice",
            "10: tables.a.b.orders.o: names no column",
            "11: tables.a.c.hbase-table: no table! is already the table of a.b",
            "11: tables.a.c.hbase-table: 'no table!' is no name for an HBase table (letters,"
                + " digits, _ - .)",
            "11: tables.a.c.list-key: is required: the leading primary-key columns that make a"
                + " list",
            "11: tables.a.c.regions: must be between 1 and 10000");
    assertThat(
            problems(SMALLEST + "plugins:\n  dualwrite:\n    workers: -1\n    lists: {a.d: []}\n"))
        .containsExactlyInAnyOrder(
            "7: plugins.dualwrite.workers: must not be negative",
            "8: plugins.dualwrite.lists.a.d: is not a watched table");
  }

  @Test
  void refusesWhatTheLegsCannotDo() throws Exception {
    Files.writeString(directory.resolve("ca.pem"), "certificate");
    assertThat(
            problems(
                """
                listen: [127.0.0.1:1, 127.0.0.1:1, unix:relative.sock]
                mysql: {address: unix:/run/mysqld.sock, tls: {verify: all}}
                tls: {certificate: ca.pem, versions: [TLSv1.1]}
                proxy-protocol: {accept-from: [10.0.0.0/33, example.org]}
                data-directory: data
                tables:
                  a.b: {list-key: [x]}
                """))
        .containsExactlyInAnyOrder(
            "1: listen[2]: 'unix:relative.sock' is not an address of the form host:port or"
                + " unix:/absolute/path",
            "2: mysql.tls.verify: 'all' is not one of ca, identity, none",
            "3: tls.versions[0]: 'TLSv1.1' is not one of TLSv1.2, TLSv1.3",
            "4: proxy-protocol.accept-from[0]: '10.0.0.0/33' is not a network of the form"
                + " 10.0.0.0/8",
            "4: proxy-protocol.accept-from[1]: 'example.org' is not a network of the form"
                + " 10.0.0.0/8");
    assertThat(
            problems(
                """
                listen: [127.0.0.1:1, 127.0.0.1:1]
                mysql: {address: unix:/run/mysqld.sock, tls: {verify: identity}}
                tls: {versions: []}
                tcp: {keep-alive-probes: 0}
                limits: {login: 0s}
                data-directory: data
                hand-over: /%s
                tables:
                  a.b: {list-key: [x]}
                plugins:
                  dualwrite: {}
                """
                    .formatted("x".repeat(100))))
        .containsExactlyInAnyOrder(
            "1: listen: names an address twice",
            "2: mysql.plugins-address: is required beside a unix socket: plugins reach MySQL over"
                + " TCP, host:port",
            "2: mysql.tls.verify: a unix socket has no name that could be verified",
            "3: tls.versions: names no version",
            "4: tcp.keep-alive-probes: must be between 1 and 100",
            "5: limits.login: must be between 1ms and 60m",
            "7: hand-over: is too long for a unix socket: at most 95 bytes");
    assertThat(problems(SMALLEST + "tls: {private-key: ca.pem}\n"))
        .containsExactly("5: tls: certificate is required: a PEM file");
  }

  @Test
  void bindsThePluginsSectionsInTheirOrder() throws Exception {
    LoadedConfig loaded =
        load(
            SMALLEST
                + """
                plugins:
                  readswitch:
                    percentage: 0.0001
                    mode: almost-strict
                    lists: {social.follower: [1, 2]}
                  dualwrite:
                """);

    assertThat(loaded.plugins())
        .extracting(BoundPlugin::name)
        .containsExactly("dualwrite", "readswitch");
    assertThat(loaded.plugins().get(0).config())
        .isEqualTo(new ExamplePlugin.Config(null, null, 0, null, null, null, null));
    assertThat(loaded.plugins().get(1).config())
        .isEqualTo(
            new ExamplePlugin.Config(
                null,
                null,
                0,
                ExamplePlugin.Mode.ALMOST_STRICT,
                new BigDecimal("0.0001"),
                Map.of(new TableName("social", "follower"), List.of("1", "2")),
                null));
  }

  @Test
  void takesSecretsFromVariablesAndFiles() throws Exception {
    Files.writeString(directory.resolve("password"), "from file\n");
    LoadedConfig loaded =
        load(
            SMALLEST
                + """
                plugins:
                  dualwrite: {mysql: {user: u, password: "x-${SECRET}"}}
                  readswitch: {mysql: {user: u, password-file: password}}
                """);

    assertThat(((ExamplePlugin.Config) loaded.plugins().get(0).config()).mysql())
        .isEqualTo(new ExamplePlugin.Account("u", "x-hunter2"));
    assertThat(((ExamplePlugin.Config) loaded.plugins().get(1).config()).mysql())
        .isEqualTo(new ExamplePlugin.Account("u", "from file"));
    assertThat(loaded.files()).containsExactlyInAnyOrder(file, directory.resolve("password"));
    assertThat(loaded.toString()).doesNotContain("hunter2").doesNotContain("from file");
  }

  @Test
  void neverShowsASecretInAProblem() throws Exception {
    List<String> problems =
        problems(
            SMALLEST
                + """
                plugins:
                  dualwrite: {time-limit: "${SECRET}", mysql: {user: "", password: pass, password-file: p}}
                  readswitch: {mysql: {user: u, password: "${MISSING}"}}
                """);

    assertThat(problems)
        .containsExactlyInAnyOrder(
            "6: plugins.dualwrite.time-limit: the value is not a time such as 40ms, 20s or 2m",
            "6: plugins.dualwrite.mysql.password-file: cannot read the file "
                + directory.resolve("p"),
            "6: plugins.dualwrite.mysql.password-file: give either password or password-file",
            "7: plugins.readswitch.mysql.password: the environment variable MISSING is not set");
  }

  @Test
  void doesNotQuoteTheFileWhenItIsNoYaml() throws Exception {
    List<String> problems = problems("plugins:\n  password: topsecret\n bad: [\n");

    assertThat(problems).hasSize(1);
    assertThat(problems.get(0)).startsWith("3: no valid YAML: ").doesNotContain("topsecret");
  }

  @Test
  void reportsWhatARecordRefuses() throws Exception {
    assertThat(problems(SMALLEST + "plugins:\n  dualwrite:\n    mysql: {password: p}\n"))
        .containsExactly("7: plugins.dualwrite.mysql: user is required");
  }

  @Test
  void namesWhatIsRequired() throws Exception {
    assertThat(problems("listen: 127.0.0.1:1\n"))
        .containsExactly("1: mysql: {address: host:port} is required");
    assertThat(problems("")).containsExactly("the file is empty");
    assertThat(problems("just text"))
        .containsExactly("1: must be a mapping, but is a single value");
    assertThat(problems("a: &x 1\nb: *x\n---\nc: 1\n"))
        .contains("2: b: YAML aliases are not supported");
  }

  @Test
  void saysWhenThereIsNoFile() {
    ConfigException e =
        catchThrowableOfType(
            ConfigException.class, () -> loader.load(directory.resolve("none.yaml")));

    assertThat(e).hasMessageEndingWith("none.yaml: there is no such file");
  }

  private LoadedConfig load(String yaml) throws IOException, ConfigException {
    Files.writeString(file, yaml);
    return loader.load(file);
  }

  private List<String> problems(String yaml) throws IOException {
    Files.writeString(file, yaml);
    ConfigException e = catchThrowableOfType(ConfigException.class, () -> loader.load(file));
    assertThat(e).isNotNull();
    return e.problems().stream()
        .map(p -> p.toString().substring(file.toString().length() + 1).strip())
        .toList();
  }
}
