package io.crossfade.server.fuzz;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Collects what Netty's leak detector says. */
final class LeakReports extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private static final int ROUNDS = 5;
  private static final int TRACKED = 200;

  private final Logger logger = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
  private final List<String> reports = new CopyOnWriteArrayList<>();

  LeakReports() {
    setContext(logger.getLoggerContext());
    start();
    logger.addAppender(this);
  }

  @Override
  protected void append(ILoggingEvent event) {
    reports.add(event.getFormattedMessage());
  }

  /**
   * What was found: leaks are noticed when their buffer is collected and another one is tracked.
   */
  List<String> found() {
    for (int i = 0; i < ROUNDS; i++) {
      System.gc();
      for (int b = 0; b < TRACKED; b++) {
        ByteBufAllocator.DEFAULT.buffer(1).release();
      }
    }
    return reports;
  }

  @Override
  public void close() {
    logger.detachAppender(this);
    stop();
  }
}
