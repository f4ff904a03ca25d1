package io.crossfade.server.frontend;

import io.micrometer.core.instrument.Counter;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clients that cannot be accepted, for want of file descriptors mostly: Netty tries again a second
 * later, and they wait in the system's queue meanwhile. Thread-safe.
 */
@Sharable
final class AcceptFailures extends ChannelInboundHandlerAdapter {
  private static final Logger LOGGER = LoggerFactory.getLogger(AcceptFailures.class);
  private static final long QUIET_NANOS = 60_000_000_000L;

  private final Counter counter;
  private final AtomicLong logged = new AtomicLong(System.nanoTime() - QUIET_NANOS);

  AcceptFailures(Counter counter) {
    this.counter = counter;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    counter.increment();
    long now = System.nanoTime();
    long last = logged.get();
    if (now - last >= QUIET_NANOS && logged.compareAndSet(last, now)) {
      LOGGER
          .atError()
          .addKeyValue("cause", cause.toString())
          .log("clients cannot be accepted; they wait, and it is tried again every second");
    }
  }
}
