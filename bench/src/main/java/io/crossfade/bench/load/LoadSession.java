package io.crossfade.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The connections of one run, all on one event loop. Used by one thread. */
final class LoadSession implements AutoCloseable {
  private static final int LOGINS_AT_ONCE = 32;
  private static final int LOGIN_SECONDS = 120;
  private static final int LAST_ANSWER_SECONDS = 30;

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  private final StatementEncoder text = StatementEncoder.text();
  private final List<StatementHandler> connections = new ArrayList<>();
  private Meter meter = new Meter();

  /**
   * Connects and logs in all clients, and prepares their statements.
   *
   * @throws IOException when one of them cannot
   */
  void open(LoadPlan plan) throws IOException, InterruptedException {
    meter = new Meter();
    Semaphore logins = new Semaphore(LOGINS_AT_ONCE);
    List<CompletableFuture<StatementHandler>> all = new ArrayList<>();
    for (int i = 0; i < plan.connections(); i++) {
      logins.acquire();
      CompletableFuture<StatementHandler> one = connect(plan, i);
      one.whenComplete((handler, failure) -> logins.release());
      all.add(one);
    }
    try {
      for (CompletableFuture<StatementHandler> one : all) {
        connections.add(one.get(LOGIN_SECONDS, TimeUnit.SECONDS));
      }
    } catch (ExecutionException | TimeoutException e) {
      all.forEach(one -> one.thenAccept(handler -> handler.channel().close()));
      int connected = connections.size();
      connections.clear();
      throw new IOException(connected + " clients are in, then: " + reason(e), e);
    }
  }

  private static String reason(Exception e) {
    return String.valueOf(e.getCause() == null ? e : e.getCause());
  }

  private CompletableFuture<StatementHandler> connect(LoadPlan plan, int number) {
    Client client =
        new Client(
            plan.user(),
            plan.password(),
            plan.schema(),
            plan.workload(),
            plan.mode(),
            text,
            new StatementSource(plan.workload(), new DataShape(plan.rows()), plan.run(), number),
            meter);
    CompletableFuture<StatementHandler> done = new CompletableFuture<>();
    new Bootstrap()
        .group(group)
        .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new LoginHandler(client, done));
              }
            })
        .connect("127.0.0.1", plan.port())
        .addListener(
            (ChannelFutureListener)
                connected -> {
                  if (!connected.isSuccess()) {
                    done.completeExceptionally(connected.cause());
                  }
                });
    return done;
  }

  /** All connections send statements for this long. */
  Figures measure(long millis) throws IOException, InterruptedException {
    CompletableFuture<Figures> result = new CompletableFuture<>();
    group.execute(
        () -> {
          long from = System.nanoTime();
          meter.start(from + TimeUnit.MILLISECONDS.toNanos(millis));
          group.schedule(
              () -> {
                meter.stop();
                result.complete(meter.figures((System.nanoTime() - from) / 1e9));
              },
              millis,
              TimeUnit.MILLISECONDS);
          connections.forEach(StatementHandler::start);
        });
    try {
      return result.get(millis + TimeUnit.SECONDS.toMillis(60), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the run did not end: " + reason(e), e);
    }
  }

  /** Waits for the last answers and closes the connections. */
  void closeConnections() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LAST_ANSWER_SECONDS);
    try {
      while (group.submit(() -> meter.busy()).get() > 0) {
        if (System.nanoTime() > deadline) {
          throw new IOException("no answer within " + LAST_ANSWER_SECONDS + " s");
        }
        TimeUnit.MILLISECONDS.sleep(5);
      }
    } catch (ExecutionException e) {
      throw new IOException("the event loop failed", e);
    } finally {
      for (StatementHandler connection : connections) {
        connection.channel().close();
      }
      for (StatementHandler connection : connections) {
        connection.channel().closeFuture().await(LAST_ANSWER_SECONDS, TimeUnit.SECONDS);
      }
      connections.clear();
    }
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
