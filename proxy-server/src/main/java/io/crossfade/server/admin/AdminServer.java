package io.crossfade.server.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The admin port. Has threads of its own: nothing asked of it slows the relay's event loops. */
public final class AdminServer implements AutoCloseable {
  private static final int WORKERS = 4;
  private static final int WAITING = 64;
  private static final int MAX_BODY = 64 * 1024;
  private static final int IDLE_SECONDS = 60;

  private final InetSocketAddress listen;
  private final AdminRoutes routes;
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("admin", true), NioIoHandler.newFactory());
  private final ThreadPoolExecutor workers =
      new ThreadPoolExecutor(
          WORKERS,
          WORKERS,
          30,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING),
          new DefaultThreadFactory("admin-worker", true));

  /**
   * Makes a server that is not listening yet.
   *
   * @param listen where to listen; port 0 = a free one
   * @param hostNames names besides IP addresses and localhost that a Host header may have
   * @param backend what it shows and does
   */
  public AdminServer(InetSocketAddress listen, List<String> hostNames, AdminBackend backend) {
    this.listen = listen;
    this.routes = new AdminRoutes(backend, new RequestGuard(hostNames));
    workers.allowCoreThreadTimeOut(true);
  }

  /**
   * Starts listening.
   *
   * @return the address it listens on
   * @throws IOException when the address cannot be taken
   */
  public InetSocketAddress start() throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    initialize(channel);
                  }
                });
    var bound = bootstrap.bind(listen).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      close();
      throw new IOException(
          "cannot listen on " + listen + " (admin.listen): " + bound.cause().getMessage(),
          bound.cause());
    }
    Channel channel = bound.channel();
    return (InetSocketAddress) channel.localAddress();
  }

  private void initialize(SocketChannel channel) {
    channel
        .pipeline()
        .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS))
        .addLast(new HttpServerCodec())
        .addLast(new HttpObjectAggregator(MAX_BODY, true))
        .addLast(new FlowControlHandler())
        .addLast(new AdminHandler(routes, workers));
  }

  /** Stops listening, closes all connections. */
  @Override
  public void close() {
    workers.shutdownNow();
    loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
