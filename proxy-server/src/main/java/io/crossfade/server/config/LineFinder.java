package io.crossfade.server.config;

import java.util.Map;

/**
 * Finds the line of a dotted path; keys may hold dots themselves ({@code tables.social.follower}).
 */
final class LineFinder {
  private LineFinder() {}

  /** The line of the deepest part of {@code path} that is in the file. */
  static int line(ConfigNode root, String path) {
    return line(root, path, root.line());
  }

  private static int line(ConfigNode node, String path, int best) {
    if (path.isEmpty()) {
      return best;
    }
    if (node instanceof ConfigNode.Sequence sequence && path.startsWith("[")) {
      int end = path.indexOf(']');
      int index = end < 0 ? -1 : parseIndex(path.substring(1, end));
      if (index >= 0 && index < sequence.items().size()) {
        ConfigNode item = sequence.items().get(index);
        return line(item, rest(path, end + 1), item.line());
      }
      return best;
    }
    if (node instanceof ConfigNode.Mapping mapping) {
      for (Map.Entry<String, ConfigNode.Entry> entry : mapping.entries().entrySet()) {
        String key = entry.getKey();
        if (path.startsWith(key) && ends(path, key.length())) {
          ConfigNode.Entry value = entry.getValue();
          return line(value.value(), rest(path, key.length()), value.line());
        }
      }
    }
    return best;
  }

  private static boolean ends(String path, int at) {
    return path.length() == at || path.charAt(at) == '.' || path.charAt(at) == '[';
  }

  private static String rest(String path, int from) {
    return path.length() > from && path.charAt(from) == '.'
        ? path.substring(from + 1)
        : path.substring(from);
  }

  private static int parseIndex(String text) {
    return text.matches("\\d{1,6}") ? Integer.parseInt(text) : -1;
  }
}
