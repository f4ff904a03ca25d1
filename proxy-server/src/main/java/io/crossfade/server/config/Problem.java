package io.crossfade.server.config;

/**
 * One thing wrong with a configuration file.
 *
 * @param file the file as the operator named it
 * @param line the line, 0 when it belongs to none
 * @param path the key, dotted; empty for the file as a whole
 * @param message what is wrong and what is allowed; never a secret
 */
public record Problem(String file, int line, String path, String message) {
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(file);
    if (line > 0) {
      text.append(':').append(line);
    }
    text.append(": ");
    if (!path.isEmpty()) {
      text.append(path).append(": ");
    }
    return text.append(message).toString();
  }
}
