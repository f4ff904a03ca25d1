package io.crossfade.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.sandbox.EmbeddedMySql;
import io.crossfade.sandbox.Loopback;
import io.crossfade.sandbox.MySqlOptions;
import io.crossfade.sandbox.proxy.ProxyProcess;
import io.crossfade.server.frontend.RawClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Packets far larger than the proxy's memory, both ways, through a proxy process with a small heap.
 * {@code -Dcrossfade.streaming.mib=1023} tries the largest that MySQL takes.
 */
class StreamingIT {
  private static final int MIB = 1 << 20;
  private static final long SIZE = Integer.getInteger("crossfade.streaming.mib", 256) * (long) MIB;
  private static final int LONGEST = 0xFF_FFFF;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** What the heap and the buffers may have grown by: far less than a packet. */
  private static final long GROWTH_MIB = 100;

  private static EmbeddedMySql mysql;
  private static ProxyProcess proxy;
  private static int port;
  private static long before;

  @BeforeAll
  static void start() throws Exception {
    mysql =
        EmbeddedMySql.start(
            MySqlOptions.temporary()
                .withFlags(
                    "--max-allowed-packet=1G",
                    "--net-read-timeout=600",
                    "--net-write-timeout=600"));
    Path directory = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "streaming");
    port = Loopback.freePort();
    int admin = Loopback.freePort();
    Path config = directory.resolve("crossfade.yaml");
    Files.writeString(
        config,
        String.format(
            Locale.ROOT,
            """
            listen: 127.0.0.1:%d
            mysql:
              address: 127.0.0.1:%d
            admin:
              listen: 127.0.0.1:%d
            data-directory: %s
            tables:
              any.watched:
                list-key: [id]
            """,
            port,
            mysql.port(),
            admin,
            directory.resolve("data")));
    proxy =
        ProxyProcess.start(
            Distribution.directory(),
            config,
            directory.resolve("proxy.log"),
            admin,
            "-Xms96m -Xmx96m -XX:+AlwaysPreTouch -XX:MaxDirectMemorySize=64m"
                + " -Dio.netty.maxDirectMemory=67108864");
    proxy.awaitReady(Duration.ofMinutes(2));
    try (RawClient client = client()) {
      client.query("SELECT 1");
    }
    before = memoryMiB("VmRSS:");
  }

  @AfterAll
  static void stop() {
    proxy.close();
    mysql.close();
  }

  @AfterEach
  void theProxyDidNotGrow() throws IOException {
    long most = memoryMiB("VmHWM:");
    System.out.printf(
        Locale.ROOT,
        "%d MiB streamed; proxy %d MiB before, at most %d MiB%n",
        SIZE / MIB,
        before,
        most);
    assertThat(most - before).isLessThan(GROWTH_MIB);
  }

  private static long memoryMiB(String field) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(proxy.process().pid()), "status"))
        .stream()
        .filter(line -> line.startsWith(field))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  private static RawClient client() throws Exception {
    return new RawClient("127.0.0.1", port, "", 0);
  }

  @Test
  void aStatementLargerThanTheProxysMemoryIsExecuted() throws Exception {
    try (RawClient client = client()) {
      send(client.output(), "\3SELECT LENGTH('", SIZE - 64, "') AS n");
      assertThat(text(client.input())).contains(Long.toString(SIZE - 64));
    }
  }

  @Test
  void aParameterLargerThanTheProxysMemoryIsPassedOn() throws Exception {
    try (RawClient client = client()) {
      client.prepare("SELECT LENGTH(?) AS n");
      send(client.output(), "\30\1\0\0\0\0\0", SIZE - 64, "");
      // COM_STMT_EXECUTE: no cursor, once, not NULL, types follow: MYSQL_TYPE_LONG_BLOB
      send(client.output(), "\27\1\0\0\0\0\1\0\0\0\0\1\373\0", 0, "");
      byte[] length =
          ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(SIZE - 64).array();
      assertThat(text(client.input())).contains(new String(length, StandardCharsets.ISO_8859_1));
    }
  }

  @Test
  void aValueLargerThanTheProxysMemoryIsDelivered() throws Exception {
    try (RawClient client = client()) {
      send(client.output(), "\3SELECT REPEAT('x', " + (SIZE - 64) + ")", 0, "");
      InputStream in = client.input();
      long left = SIZE - 64;
      byte[] buffer = new byte[MIB];
      while (left > 0) {
        int n = read(in, buffer, 0);
        assertThat(n).as("the value has not ended").isPositive();
        left -= n;
      }
    }
  }

  /** A command of any length: text, then a run of letters, then text. */
  private static void send(OutputStream out, String head, long letters, String tail)
      throws IOException {
    byte[] first = head.getBytes(StandardCharsets.ISO_8859_1);
    byte[] last = tail.getBytes(StandardCharsets.ISO_8859_1);
    long total = first.length + letters + last.length;
    byte[] run = new byte[LONGEST];
    Arrays.fill(run, (byte) 'x');
    long at = 0;
    for (int sequence = 0; ; sequence++) {
      int length = (int) Math.min(LONGEST, total - at);
      byte[] packet = new byte[4 + length];
      packet[0] = (byte) length;
      packet[1] = (byte) (length >> 8);
      packet[2] = (byte) (length >> 16);
      packet[3] = (byte) sequence;
      System.arraycopy(run, 0, packet, 4, length);
      overlay(packet, at, first, 0);
      overlay(packet, at, last, total - last.length);
      out.write(packet);
      at += length;
      if (length < LONGEST) {
        out.flush();
        return;
      }
    }
  }

  /** Puts the part of {@code text} that belongs to a packet into it. */
  private static void overlay(byte[] packet, long packetAt, byte[] text, long textAt) {
    for (int i = 0; i < text.length; i++) {
      long position = textAt + i - packetAt;
      if (position >= 0 && position < packet.length - 4) {
        packet[4 + (int) position] = text[i];
      }
    }
  }

  /** The beginning of an answer as text. */
  private static String text(InputStream in) throws IOException {
    byte[] beginning = new byte[60];
    for (int n = 0; n < beginning.length; ) {
      int more = read(in, beginning, n);
      assertThat(more).as("the answer has not ended").isPositive();
      n += more;
    }
    return new String(beginning, StandardCharsets.ISO_8859_1);
  }

  /** Reads something; MySQL may take longer for so much than the client waits otherwise. */
  private static int read(InputStream in, byte[] buffer, int from) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return in.read(buffer, from, buffer.length - from);
      } catch (SocketTimeoutException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }
}
