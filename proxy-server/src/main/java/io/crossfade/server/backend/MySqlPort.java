package io.crossfade.server.backend;

import io.crossfade.server.compress.CompressionHandler;
import io.crossfade.server.protocol.Compression;
import io.crossfade.server.session.BackendPort;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.util.function.Supplier;

/** The channel to MySQL as the session sees it. */
public final class MySqlPort extends ChannelPort implements BackendPort {
  /** {@code tls} makes the handler when TLS is started. */
  public MySqlPort(Channel channel, Supplier<SslHandler> tls) {
    super(channel, tls);
  }

  @Override
  public void startCompression(Compression compression, ByteBuf early) {
    addNextToSession(CompressionHandler.towardsMySql(compression, early));
  }
}
