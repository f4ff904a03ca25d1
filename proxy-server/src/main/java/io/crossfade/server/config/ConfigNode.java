package io.crossfade.server.config;

import java.util.List;
import java.util.Map;

/** A piece of the configuration file as it was read, with the line where it stands. Immutable. */
public sealed interface ConfigNode {
  /** The line in the file, from 1. */
  int line();

  /** What it is, for messages. */
  String kind();

  /**
   * A single value.
   *
   * @param text its text, with variables filled in
   * @param secret whether any of it came from a variable or a file and must not be shown
   */
  record Scalar(String text, boolean secret, int line) implements ConfigNode {
    @Override
    public String kind() {
      return "a single value";
    }

    @Override
    public String toString() {
      return secret ? "(secret)" : text;
    }
  }

  /** A list. */
  record Sequence(List<ConfigNode> items, int line) implements ConfigNode {
    @Override
    public String kind() {
      return "a list";
    }
  }

  /** Keys with values, in the order of the file. */
  record Mapping(Map<String, Entry> entries, int line) implements ConfigNode {
    @Override
    public String kind() {
      return "a mapping";
    }
  }

  /** A key without a value. */
  record Nothing(int line) implements ConfigNode {
    @Override
    public String kind() {
      return "nothing";
    }
  }

  /**
   * The value of a key.
   *
   * @param line the line of the key
   */
  record Entry(ConfigNode value, int line) {}
}
