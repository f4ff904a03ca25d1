package io.crossfade.server.fuzz;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Hears what a session logs about its own failure: an exception other than "a packet does not
 * follow the protocol" is caught there, so the legs never see it. Silent otherwise.
 */
final class Unexpected extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private static final String ROOM = "io.crossfade.server.session";

  private final Logger logger = (Logger) LoggerFactory.getLogger(ROOM);
  private @Nullable Throwable failure;
  private @Nullable String malformed;

  Unexpected() {
    setContext(logger.getLoggerContext());
    start();
    logger.setAdditive(false);
    logger.addAppender(this);
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getMessage().equals("a session failed")
        && event.getThrowableProxy() instanceof ThrowableProxy proxy) {
      failure = proxy.getThrowable();
    } else if (event.getMessage().equals("a packet does not follow the protocol")) {
      malformed = String.valueOf(event.getKeyValuePairs());
    }
  }

  /** Why the session ended itself, when a packet was the reason; else null. */
  @Nullable String malformed() {
    return malformed;
  }

  void check() {
    if (failure != null) {
      throw new AssertionError("a session failed", failure);
    }
  }

  @Override
  public void close() {
    logger.detachAppender(this);
    logger.setAdditive(true);
    stop();
  }
}
