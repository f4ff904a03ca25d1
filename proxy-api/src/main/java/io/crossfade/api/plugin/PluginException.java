package io.crossfade.api.plugin;

/** A plugin cannot start; the message tells the operator what and where, and what to do. */
public class PluginException extends Exception {
  private static final long serialVersionUID = 1L;

  public PluginException(String message) {
    super(message);
  }

  public PluginException(String message, Throwable cause) {
    super(message, cause);
  }
}
