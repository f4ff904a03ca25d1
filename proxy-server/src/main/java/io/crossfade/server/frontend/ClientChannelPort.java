package io.crossfade.server.frontend;

import io.crossfade.server.backend.ChannelPort;
import io.crossfade.server.compress.CompressionHandler;
import io.crossfade.server.protocol.Compression;
import io.crossfade.server.session.ClientPort;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import java.util.function.Supplier;

/** The client's channel as the session sees it. */
final class ClientChannelPort extends ChannelPort implements ClientPort {
  private final SocketAddress address;

  /** {@code address} is the client's own, also behind a load balancer that tells it. */
  ClientChannelPort(Channel channel, SocketAddress address, Supplier<SslHandler> tls) {
    super(channel, tls);
    this.address = address;
  }

  @Override
  public void startCompression(Compression compression, ByteBuf early) {
    addNextToSession(CompressionHandler.towardsClient(compression, early));
  }

  @Override
  public SocketAddress address() {
    return address;
  }
}
