package io.crossfade.server.backend;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.crossfade.server.session.RelaySettings;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class MySqlConnectorTest {
  private static final Logger PIPELINES =
      (Logger) LoggerFactory.getLogger("io.netty.channel.DefaultChannelPipeline");

  private final ListAppender<ILoggingEvent> unhandled = new ListAppender<>();
  private MultiThreadIoEventLoopGroup loops;

  @BeforeEach
  void start() {
    Assumptions.assumeTrue(Epoll.isAvailable());
    loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    unhandled.start();
    PIPELINES.addAppender(unhandled);
  }

  @AfterEach
  void stop() {
    PIPELINES.detachAppender(unhandled);
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static MySqlConnector connector(String host, int port) {
    return new MySqlConnector(
        new RelaySettings(
            new InetSocketAddress("127.0.0.1", 0),
            InetSocketAddress.createUnresolved(host, port),
            null,
            null,
            1 << 20,
            Duration.ofSeconds(1),
            100,
            Duration.ofSeconds(5),
            1),
        EpollSocketChannel.class);
  }

  /**
   * Two connections end while the loop is busy. The handler of the first closes the second and
   * connects: the new socket gets the second one's number while epoll's news of that one is still
   * to be handed out.
   */
  @Test
  void aNewConnectionIsNotTakenForOneThatWasJustClosed() throws Exception {
    try (ServerSocket mysql = new ServerSocket(0, 1_000, InetAddress.getByName("127.0.0.1"))) {
      MySqlConnector connector = connector("127.0.0.1", mysql.getLocalPort());
      EventLoop loop = loops.next();
      for (int i = 0; i < 20; i++) {
        AtomicInteger retries = new AtomicInteger();
        CompletableFuture<Future<Channel>> made = new CompletableFuture<>();
        List<Channel> pair = new ArrayList<>();
        List<Socket> peers = new ArrayList<>();
        for (int n = 0; n < 2; n++) {
          pair.add(connector.connect(loop, () -> {}).sync().getNow());
          peers.add(mysql.accept());
        }
        for (Channel each : pair) {
          each.pipeline()
              .addLast(
                  new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                      ReferenceCountUtil.release(message);
                      if (!made.isDone()) {
                        pair.get(1 - pair.indexOf(each)).close();
                        made.complete(connector.connect(loop, retries::incrementAndGet));
                      }
                    }
                  });
          loop.submit(() -> each.config().setAutoRead(true)).sync();
        }
        CountDownLatch ended = new CountDownLatch(1);
        loop.execute(() -> await(ended));
        for (Socket peer : peers) {
          peer.getOutputStream().write(1);
          peer.close();
        }
        ended.countDown();
        Channel opened = made.get(20, TimeUnit.SECONDS).sync().getNow();
        assertThat(opened.isActive()).isTrue();
        assertThat(retries).hasValue(0);
        mysql.accept().close();
        opened.close().sync();
        for (Channel each : pair) {
          each.close().sync();
        }
      }
    }
    assertThat(unhandled.list).isEmpty();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aNameIsLookedUpForEachConnection() throws Exception {
    try (ServerSocket mysql = new ServerSocket(0, 10, InetAddress.getByName("localhost"))) {
      MySqlConnector connector = connector("localhost", mysql.getLocalPort());
      connector.connect(loops.next(), () -> {}).sync().getNow().close().sync();
    }
  }

  @Test
  void aNameThatNobodyKnowsIsTriedAgainAndThenRefused() throws Exception {
    AtomicInteger retries = new AtomicInteger();
    Future<Channel> refused =
        connector("no-such-host.invalid", 3306).connect(loops.next(), retries::incrementAndGet);
    assertThat(refused.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(refused.isSuccess()).isFalse();
    assertThat(retries).hasValue(2);
  }
}
