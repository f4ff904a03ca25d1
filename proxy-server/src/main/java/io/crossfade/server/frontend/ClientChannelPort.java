package io.crossfade.server.frontend;

import io.crossfade.server.backend.ChannelPort;
import io.crossfade.server.session.ClientPort;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import java.net.SocketAddress;

/** The client's channel as the session sees it. */
final class ClientChannelPort extends ChannelPort implements ClientPort {
  ClientChannelPort(Channel channel, SslContext tls) {
    super(channel, () -> tls.newHandler(channel.alloc()));
  }

  @Override
  public SocketAddress address() {
    return channel().remoteAddress();
  }
}
