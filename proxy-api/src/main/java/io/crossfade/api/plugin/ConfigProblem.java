package io.crossfade.api.plugin;

/**
 * One thing wrong with a configuration.
 *
 * @param path the key, dotted
 * @param message what is wrong, what is allowed, and a suggestion where there is one
 */
public record ConfigProblem(String path, String message) {
  @Override
  public String toString() {
    return path + ": " + message;
  }
}
