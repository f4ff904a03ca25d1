package io.crossfade.server.frontend;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks an older proxy for its listening sockets; see {@link HandOverServer}. */
public final class HandOverClient implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("take-over", true), EpollIoHandler.newFactory());
  private final Channel channel;
  private final Map<String, Integer> sockets;

  /**
   * Takes the sockets; from then on the older proxy accepts no clients and drains.
   *
   * @param path where the older proxy listens for this
   * @throws IOException when nobody answers there, or not within {@code limit}
   */
  public HandOverClient(Path path, Duration limit) throws IOException, InterruptedException {
    Taker taker = new Taker();
    try {
      ChannelFuture connected =
          new Bootstrap()
              .group(loop)
              .channel(EpollDomainSocketChannel.class)
              .handler(taker)
              .connect(new DomainSocketAddress(path.toString()))
              .await();
      if (!connected.isSuccess()) {
        throw new IOException(connected.cause().getMessage(), connected.cause());
      }
      channel = connected.channel();
      sockets = taker.taken.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      stop();
      throw new IOException("the older proxy gave no sockets: " + e.getMessage(), e);
    } catch (IOException | InterruptedException e) {
      stop();
      throw e;
    }
  }

  /** The listening sockets' descriptors by the address they were configured with. */
  public Map<String, Integer> sockets() {
    return sockets;
  }

  /** Waits until the older proxy has stopped; returns whether it has. */
  public boolean awaitEnd(Duration limit) throws InterruptedException {
    return channel.closeFuture().await(limit.toMillis());
  }

  /** The asking side of the protocol. */
  private static final class Taker extends ChannelInboundHandlerAdapter {
    final CompletableFuture<Map<String, Integer>> taken = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final Map<String, Integer> received = new LinkedHashMap<>();
    private List<String> addresses = List.of();

    @Override
    public void channelActive(ChannelHandlerContext context) {
      say(context, HandOverServer.TAKE_OVER);
    }

    private static void say(ChannelHandlerContext context, String line) {
      context.writeAndFlush(Unpooled.copiedBuffer(line + "\n", StandardCharsets.UTF_8));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof FileDescriptor descriptor) {
        received.put(addresses.get(received.size()), descriptor.intValue());
        if (received.size() == addresses.size()) {
          taken.complete(received);
        }
        return;
      }
      ByteBuf bytes = (ByteBuf) message;
      text.append(bytes.toString(StandardCharsets.UTF_8));
      bytes.release();
      if (text.toString().endsWith("\n\n")) {
        addresses = new ArrayList<>(text.toString().lines().filter(l -> !l.isEmpty()).toList());
        ((EpollDomainSocketChannel) context.channel())
            .config()
            .setReadMode(DomainSocketReadMode.FILE_DESCRIPTORS);
        say(context, HandOverServer.READY);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      taken.completeExceptionally(new IOException("it closed the connection"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      taken.completeExceptionally(cause);
      context.close();
    }
  }

  private void stop() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /** Ends the conversation; the sockets stay open. */
  @Override
  public void close() {
    channel.close();
    stop();
  }
}
