package io.crossfade.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class FaultyLinkIT {
  private static final int IMPATIENT_MILLIS = 200;
  private static final int PATIENT_MILLIS = 10_000;
  private static final int REFUSALS = 500;

  private ServerSocket echoServer;
  private FaultyLink link;

  @BeforeEach
  void startEchoServer() throws IOException {
    echoServer = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    Thread thread = new Thread(this::serve, "echo");
    thread.setDaemon(true);
    thread.start();
    link = FaultyLink.to("127.0.0.1", echoServer.getLocalPort());
  }

  @AfterEach
  void stop() throws IOException {
    link.close();
    echoServer.close();
  }

  private void serve() {
    while (!echoServer.isClosed()) {
      try {
        Socket socket = echoServer.accept();
        Thread echo = new Thread(() -> echo(socket), "echo-connection");
        echo.setDaemon(true);
        echo.start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void echo(Socket socket) {
    try (socket) {
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException e) {
      return; // reset by the link
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(link.host(), link.port());
    socket.setSoTimeout(PATIENT_MILLIS);
    return socket;
  }

  private static int roundTrip(Socket socket, int value) throws IOException {
    socket.getOutputStream().write(value);
    return socket.getInputStream().read();
  }

  @Test
  void forwardsBothWaysUntilTheClientHasFinished() throws IOException {
    byte[] sent = new byte[1_000_000];
    for (int i = 0; i < sent.length; i++) {
      sent[i] = (byte) (i * 31);
    }
    try (Socket socket = connect()) {
      Thread writer =
          new Thread(
              () -> {
                try {
                  socket.getOutputStream().write(sent);
                  socket.shutdownOutput();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      writer.start();
      assertThat(socket.getInputStream().readAllBytes()).isEqualTo(sent);
    }
    Awaitility.await().until(() -> link.connections() == 0);
  }

  @Test
  void stallsOpenAndNewConnectionsUntilHealed() throws IOException {
    try (Socket old = connect()) {
      assertThat(roundTrip(old, 1)).isEqualTo(1);
      link.blackhole();
      try (Socket young = connect()) {
        for (Socket socket : new Socket[] {old, young}) {
          socket.setSoTimeout(IMPATIENT_MILLIS);
          assertThatThrownBy(() -> roundTrip(socket, 2)).isInstanceOf(SocketTimeoutException.class);
          socket.setSoTimeout(PATIENT_MILLIS);
        }
        link.heal();
        assertThat(old.getInputStream().read()).isEqualTo(2);
        assertThat(young.getInputStream().read()).isEqualTo(2);
      }
    }
  }

  @Test
  void refusesAndListensOnTheSamePortOnceHealed() throws IOException {
    try (Socket old = connect()) {
      assertThat(roundTrip(old, 1)).isEqualTo(1);
      link.refuse();
      assertThatThrownBy(() -> roundTrip(old, 2)).isInstanceOf(SocketException.class);
      assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
    }
    link.heal();
    try (Socket socket = connect()) {
      assertThat(roundTrip(socket, 3)).isEqualTo(3);
    }
  }

  @Test
  void nobodyGetsInOnceRefusingHasReturned() {
    for (int i = 0; i < REFUSALS; i++) {
      link.refuse();
      assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
      link.heal();
    }
  }

  @Test
  void stallsAfterRefusing() throws IOException {
    link.refuse();
    link.blackhole();
    try (Socket socket = connect()) {
      link.heal();
      assertThat(roundTrip(socket, 4)).isEqualTo(4);
    }
  }

  @Test
  void cutsConnectionsAndServesNewOnes() throws IOException {
    try (Socket old = connect()) {
      assertThat(roundTrip(old, 1)).isEqualTo(1);
      link.cut();
      assertThatThrownBy(() -> roundTrip(old, 2)).isInstanceOf(SocketException.class);
    }
    try (Socket socket = connect()) {
      assertThat(roundTrip(socket, 3)).isEqualTo(3);
    }
  }

  @Test
  void delaysEachWay() throws IOException {
    try (Socket socket = connect()) {
      assertThat(roundTrip(socket, 1)).isEqualTo(1);
      link.delay(Duration.ofMillis(100));
      long start = System.nanoTime();
      assertThat(roundTrip(socket, 2)).isEqualTo(2);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(190));
    }
  }
}
