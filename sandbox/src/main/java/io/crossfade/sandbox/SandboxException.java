package io.crossfade.sandbox;

/**
 * A server of the sandbox could not be started, reached or signalled; the message says what to do.
 */
public final class SandboxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what went wrong, complete enough to act on
   */
  public SandboxException(String message) {
    super(message);
  }

  /**
   * @param message what went wrong, complete enough to act on
   * @param cause the failure beneath
   */
  public SandboxException(String message, Throwable cause) {
    super(message, cause);
  }
}
