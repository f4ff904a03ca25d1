package io.crossfade.server.frontend;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the listening sockets to a new version of the proxy that asks for them on a unix socket:
 *
 * <pre>
 * new: TAKE-OVER 1            old: the sockets' addresses, a line each, and an empty line
 * new: READY                  old: the sockets' descriptors (SCM_RIGHTS), in that order
 * </pre>
 *
 * The connection stays open until this process has stopped: its end tells the new one that the data
 * directory is free.
 */
public final class HandOverServer implements AutoCloseable {
  static final String TAKE_OVER = "TAKE-OVER 1";
  static final String READY = "READY";
  private static final Logger LOGGER = LoggerFactory.getLogger(HandOverServer.class);
  private static final int LONGEST_LINE = 64;
  private static final long CLOSE_MILLIS = 2000;

  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("hand-over", true), EpollIoHandler.newFactory());

  /** Ended one by one: a loop that is shut down does not always close what it has accepted. */
  private final ChannelGroup conversations = new DefaultChannelGroup(loop.next());

  private final UnixSocketFile file;
  private final Channel listener;

  /**
   * Listens.
   *
   * @param path the unix socket; only this process's user can reach it
   * @param sockets the listening sockets' descriptors by the address they were configured with
   * @param taken called once all of them were given away
   * @throws IOException when the path cannot be used
   */
  public HandOverServer(Path path, Supplier<Map<String, Integer>> sockets, Runnable taken)
      throws IOException {
    file = new UnixSocketFile(path);
    try {
      ChannelFuture bound =
          new ServerBootstrap()
              .group(loop)
              .channel(EpollServerDomainSocketChannel.class)
              .childHandler(
                  new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      conversations.add(channel);
                      channel
                          .pipeline()
                          .addLast(new LineBasedFrameDecoder(LONGEST_LINE))
                          .addLast(new Giver(sockets, taken));
                    }
                  })
              .bind(new DomainSocketAddress(file.prepare().toString()))
              .awaitUninterruptibly();
      if (!bound.isSuccess()) {
        throw new IOException(bound.cause().getMessage(), bound.cause());
      }
      listener = bound.channel();
      file.publish("rw-------");
    } catch (IOException e) {
      loop.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
      throw e;
    }
  }

  /** Whether this system can hand sockets over. */
  public static boolean available() {
    return Epoll.isAvailable();
  }

  /** One new proxy. */
  private static final class Giver extends SimpleChannelInboundHandler<ByteBuf> {
    private final Supplier<Map<String, Integer>> sockets;
    private final Runnable taken;
    private List<Integer> descriptors = List.of();

    Giver(Supplier<Map<String, Integer>> sockets, Runnable taken) {
      this.sockets = sockets;
      this.taken = taken;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf line) {
      switch (line.toString(StandardCharsets.UTF_8)) {
        case TAKE_OVER -> announce(context);
        case READY -> give(context);
        default -> context.close();
      }
    }

    private void announce(ChannelHandlerContext context) {
      Map<String, Integer> offered = sockets.get();
      descriptors = new ArrayList<>(offered.values());
      String text = String.join("\n", offered.keySet()) + "\n\n";
      context.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    }

    private void give(ChannelHandlerContext context) {
      if (descriptors.isEmpty()) {
        context.close();
        return;
      }
      ChannelFuture last = null;
      for (int descriptor : descriptors) {
        last = context.writeAndFlush(new FileDescriptor(descriptor));
      }
      descriptors = List.of();
      if (last != null) {
        last.addListener(
            given -> {
              if (given.isSuccess()) {
                LOGGER.atInfo().log("a new proxy has taken the listening sockets over");
                taken.run();
              }
            });
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      LOGGER.atWarn().addKeyValue("cause", cause.toString()).log("a hand-over failed");
      context.close();
    }
  }

  /** Ends the connections, and with them what a new proxy waits for. */
  @Override
  public void close() throws IOException {
    listener.close().awaitUninterruptibly();
    conversations.close().awaitUninterruptibly(CLOSE_MILLIS);
    file.delete();
    loop.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(2 * CLOSE_MILLIS);
  }
}
