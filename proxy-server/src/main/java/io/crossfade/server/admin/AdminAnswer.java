package io.crossfade.server.admin;

import java.util.Map;

/**
 * An answer in JSON.
 *
 * @param status the HTTP status
 * @param body what becomes the JSON object
 */
public record AdminAnswer(int status, Map<String, ?> body) {
  /** 200. */
  public static AdminAnswer ok(Map<String, ?> body) {
    return new AdminAnswer(200, body);
  }

  /** Another status with the reason under {@code error}. */
  public static AdminAnswer error(int status, String message) {
    return new AdminAnswer(status, Map.of("error", message));
  }
}
