package io.crossfade.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.Interceptor;
import io.crossfade.api.plugin.Outcome;
import io.crossfade.api.plugin.ResultMetadata;
import io.crossfade.api.plugin.SessionView;
import io.crossfade.api.plugin.Verdict;
import io.crossfade.api.sql.DruidSqlAnalyzer;
import io.crossfade.api.sql.TableName;
import io.crossfade.server.PluginForTests;
import io.crossfade.server.frame.Frames;
import io.crossfade.server.protocol.Capabilities;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A session between two legs that are only memory, with a plugin that does what it is told. */
abstract class SessionFixture {
  static final long SERVER = 0xDFFF_FFFFL;
  static final long CLIENT = Capabilities.PROTOCOL_41 | Capabilities.SECURE_CONNECTION;
  static final String LOGIN_OK = "00000002000000";
  static final String OK = "00010002000000";
  static final String DEFINITION =
      "03646566"
          + "00000000"
          + "0131"
          + "00"
          + "0c"
          + "3f00"
          + "01000000"
          + "08"
          + "0100"
          + "00"
          + "0000";
  static final String DUPLICATE = "ff2604233233303030";

  final FakePort client = new FakePort();
  final FakePort backend = new FakePort();
  final List<String> events = new ArrayList<>();
  final List<TableName> tables = new ArrayList<>();
  final List<ByteBuf> given = new ArrayList<>();
  final EmbeddedChannel loop = new EmbeddedChannel();
  CompletionStage<Verdict> verdict = CompletableFuture.completedFuture(Verdict.forward());
  Session session = newSession();

  /** What the last answer with {@link Verdict#forwardAndLearn} taught. */
  @Nullable ResultMetadata learned;

  @BeforeEach
  void start() {
    session.start();
  }

  @AfterEach
  void nothingIsLeftOver() {
    session.close();
    assertThat(given).allMatch(b -> b.refCnt() == 0, "released");
    assertThat(events.stream().filter("closed"::equals)).hasSizeLessThanOrEqualTo(1);
    loop.finishAndReleaseAll();
  }

  /** For sessions without sockets. */
  static RelaySettings settings() {
    return new RelaySettings(
        new InetSocketAddress(0),
        new InetSocketAddress(0),
        null,
        null,
        1 << 16,
        Duration.ofSeconds(5),
        1,
        Duration.ofSeconds(1),
        1);
  }

  Session newSession() {
    SessionContext context =
        new SessionContext(
            settings(),
            List.of(new Recording()),
            new WatchedNames(List.of(new TableName("db", "watched"))),
            new DruidSqlAnalyzer(),
            new RelayMetrics(new SimpleMeterRegistry()));
    return new Session(context, client, backend, loop.eventLoop());
  }

  void login() {
    login(CLIENT);
  }

  void login(long capabilities) {
    fromServer(0, greeting());
    fromClient(1, response(capabilities));
    fromServer(2, LOGIN_OK);
    client.taken();
    backend.taken();
  }

  void fromClient(int sequence, String payload) {
    give(true, packet(sequence, payload));
  }

  void fromServer(int sequence, String payload) {
    give(false, packet(sequence, payload));
  }

  void inPieces(String hex, int bytes) {
    for (int at = 0; at < hex.length(); at += 2 * bytes) {
      give(false, hex.substring(at, Math.min(hex.length(), at + 2 * bytes)));
    }
  }

  void give(boolean fromClient, String hex) {
    ByteBuf in = PooledByteBufAllocator.DEFAULT.buffer();
    in.writeBytes(HexFormat.of().parseHex(hex));
    given.add(in);
    if (fromClient) {
      session.onClient(in);
    } else {
      session.onServer(in);
    }
  }

  static String packet(int sequence, String payload) {
    ByteBuf b = io.netty.buffer.Unpooled.buffer();
    Frames.write(b, sequence, HexFormat.of().parseHex(payload));
    return io.netty.buffer.ByteBufUtil.hexDump(b);
  }

  static String query(String sql) {
    return "03" + HexFormat.of().formatHex(sql.getBytes(StandardCharsets.US_ASCII));
  }

  static String prepare(String sql) {
    return "16" + hex(sql);
  }

  static String hex(String ascii) {
    return HexFormat.of().formatHex(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  static String greeting() {
    return greeting(SERVER);
  }

  static String greeting(long capabilities) {
    String c = HexFormat.of().toHexDigits((int) capabilities);
    String littleEndian = c.substring(6, 8) + c.substring(4, 6);
    String upper = c.substring(2, 4) + c.substring(0, 2);
    return "0a382e3000"
        + "07000000"
        + "61".repeat(8)
        + "00"
        + littleEndian
        + "ff0200"
        + upper
        + "15"
        + "00".repeat(10)
        + "62".repeat(12)
        + "00";
  }

  static String response(long capabilities) {
    String c = HexFormat.of().toHexDigits((int) capabilities);
    return c.substring(6, 8)
        + c.substring(4, 6)
        + c.substring(2, 4)
        + c.substring(0, 2)
        + "00000001"
        + "ff"
        + "00".repeat(23)
        + "61707000"
        + "00";
  }

  /** Notes what it is told, and gives the verdict the test has set. */
  private final class Recording extends PluginForTests implements Interceptor {
    @Override
    public String name() {
      return "recording";
    }

    @Override
    public int order() {
      return 1;
    }

    @Override
    public Interceptor open(SessionView view) {
      events.add("open");
      return this;
    }

    @Override
    public boolean attentive() {
      return false;
    }

    @Override
    public CompletionStage<Verdict> before(Exchange exchange) {
      tables.clear();
      exchange.statements().forEach(s -> tables.addAll(s.statement().tables()));
      events.add(
          "before " + exchange.statements().stream().map(s -> s.statement().kind()).toList());
      return verdict;
    }

    @Override
    public void after(Exchange exchange, Outcome outcome) {
      events.add("after " + outcome.error());
      if (outcome.metadata() != null) {
        learned = outcome.metadata();
      }
    }

    @Override
    public void closed() {
      events.add("closed");
    }
  }
}
