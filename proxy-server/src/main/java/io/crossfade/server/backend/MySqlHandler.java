package io.crossfade.server.backend;

import io.crossfade.server.session.Session;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the session what happens on its leg to MySQL. */
public final class MySqlHandler extends ChannelInboundHandlerAdapter {
  private static final Logger LOGGER = LoggerFactory.getLogger(MySqlHandler.class);

  private final Session session;
  private final Consumer<Throwable> tlsFailed;

  /** For one session; {@code tlsFailed} is told why a TLS handshake failed. */
  public MySqlHandler(Session session, Consumer<Throwable> tlsFailed) {
    this.session = session;
    this.tlsFailed = tlsFailed;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    session.onServer((ByteBuf) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    session.onServerReadComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (context.channel().isWritable()) {
      session.onWritable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent done
        && !done.isSuccess()
        && !(done.cause() instanceof ClosedChannelException)) {
      tlsFailed.accept(done.cause());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    session.onServerClosed();
  }

  /**
   * A MySQL that takes nothing more may have said why. The channel does not close on a failed write
   * ({@code AUTO_CLOSE}), only its output does; what came before is read to its end, {@link
   * #channelInactive}, which follows a failed read too.
   */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException && !(cause instanceof SSLException)) {
      LOGGER.atDebug().setCause(cause).log("MySQL's connection failed");
    } else {
      session.onFailure("mysql", cause);
    }
  }
}
