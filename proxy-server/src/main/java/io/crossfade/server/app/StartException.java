package io.crossfade.server.app;

/** The proxy cannot start; the message tells the operator why and is all that needs to be shown. */
public class StartException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With what led to it, for the log at debug level. */
  public StartException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Without a cause. */
  public StartException(String message) {
    super(message);
  }
}
