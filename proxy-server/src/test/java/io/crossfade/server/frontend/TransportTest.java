package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class TransportTest {
  @Test
  void refusesUnixSocketsWhereThereIsNoEpoll() {
    DomainSocketAddress unix = new DomainSocketAddress("/run/my.sock");
    assertThatThrownBy(() -> Transport.ofJava().server(unix))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("unix:/run/my.sock needs Linux");
    assertThatThrownBy(() -> Transport.ofJava().client(unix)).hasMessageContaining("use host:port");
    assertThat(Transport.ofJava().server(new InetSocketAddress(1)))
        .isEqualTo(NioServerSocketChannel.class);
  }
}
