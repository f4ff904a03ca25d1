package io.crossfade.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EmbeddedKafkaIT {
  /** ApiVersions, version 0, correlation id 7, no client id: the first thing any client asks. */
  private static final byte[] API_VERSIONS = {0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 7, -1, -1};

  private static int askVersions(KafkaServer kafka, int timeoutMillis) throws IOException {
    String[] address = kafka.bootstrapServers().split(":", -1);
    try (Socket socket = new Socket(address[0], Integer.parseInt(address[1]))) {
      socket.setSoTimeout(timeoutMillis);
      socket.getOutputStream().write(API_VERSIONS);
      byte[] answer = socket.getInputStream().readNBytes(8);
      return ByteBuffer.wrap(answer).getInt(4);
    }
  }

  @Test
  void keepsItsPortOverAKillAndIsSilentWhilePaused() throws IOException {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(KafkaOptions.temporary())) {
      final String servers = kafka.bootstrapServers();
      assertThat(askVersions(kafka, 10_000)).isEqualTo(7);
      kafka.kill9();
      assertThat(kafka.isAlive()).isFalse();
      assertThatThrownBy(() -> askVersions(kafka, 10_000)).isInstanceOf(IOException.class);

      kafka.restart();

      assertThat(kafka.bootstrapServers()).isEqualTo(servers);
      assertThat(askVersions(kafka, 10_000)).isEqualTo(7);
      kafka.pause();
      assertThatThrownBy(() -> askVersions(kafka, 500)).isInstanceOf(SocketTimeoutException.class);
      kafka.resume();
      assertThat(askVersions(kafka, 10_000)).isEqualTo(7);
    }
  }

  @Test
  void endsWithTheCauseWhenAPortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, Loopback.address(Loopback.HOST))) {
      KafkaOptions options = new KafkaOptions(null, taken.getLocalPort(), 256, java.util.Map.of());

      assertThatThrownBy(() -> EmbeddedKafka.start(options))
          .isInstanceOf(SandboxException.class)
          .hasMessageContaining("did not start");
    }
  }
}
