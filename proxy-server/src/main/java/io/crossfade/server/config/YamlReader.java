package io.crossfade.server.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * YAML text to a {@link ConfigNode} tree. Fills in <code>${VARIABLE}</code> from the environment,
 * refuses duplicate keys, aliases and a second document.
 */
final class YamlReader {
  private static final YAMLFactory FACTORY = new YAMLFactory();
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");
  private static final int MAX_DEPTH = 40;

  private final Problems problems;
  private final Function<String, @Nullable String> environment;

  YamlReader(Problems problems, Function<String, @Nullable String> environment) {
    this.problems = problems;
    this.environment = environment;
  }

  /** The tree; {@link ConfigNode.Nothing} when the text is empty or no YAML. */
  ConfigNode read(String text) {
    try (YAMLParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        problems.add(0, "", "the file is empty");
        return new ConfigNode.Nothing(0);
      }
      ConfigNode root = node(parser, "", 0);
      if (parser.nextToken() != null) {
        problems.add(line(parser), "", "a second YAML document is not allowed");
      }
      return root;
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      problems.add(
          Math.max(0, line), "", "no valid YAML: " + withoutSource(e.getOriginalMessage()));
      return new ConfigNode.Nothing(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ConfigNode node(YAMLParser parser, String path, int depth) throws IOException {
    int line = line(parser);
    if (depth > MAX_DEPTH) {
      problems.add(line, path, "is nested too deeply");
      parser.skipChildren();
      return new ConfigNode.Nothing(line);
    }
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      return mapping(parser, path, depth);
    }
    if (token == JsonToken.START_ARRAY) {
      List<ConfigNode> items = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(node(parser, path + "[" + items.size() + "]", depth + 1));
      }
      return new ConfigNode.Sequence(List.copyOf(items), line);
    }
    if (parser.isCurrentAlias()) {
      problems.add(line, path, "YAML aliases are not supported");
      return new ConfigNode.Nothing(line);
    }
    return token == JsonToken.VALUE_NULL
        ? new ConfigNode.Nothing(line)
        : scalar(parser.getText(), path, line);
  }

  private ConfigNode mapping(YAMLParser parser, String path, int depth) throws IOException {
    int line = line(parser);
    Map<String, ConfigNode.Entry> entries = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      int keyLine = line(parser);
      String keyPath = join(path, key);
      parser.nextToken();
      ConfigNode value = node(parser, keyPath, depth + 1);
      ConfigNode.Entry first = entries.putIfAbsent(key, new ConfigNode.Entry(value, keyLine));
      if (first != null) {
        problems.add(keyLine, keyPath, "is given twice (first in line " + first.line() + ")");
      }
    }
    return new ConfigNode.Mapping(entries, line);
  }

  private ConfigNode scalar(String text, String path, int line) {
    Matcher matcher = VARIABLE.matcher(text);
    StringBuilder filled = new StringBuilder();
    boolean secret = false;
    while (matcher.find()) {
      String value = environment.apply(matcher.group(1));
      if (value == null) {
        problems.add(line, path, "the environment variable " + matcher.group(1) + " is not set");
        return new ConfigNode.Nothing(line);
      }
      secret = true;
      matcher.appendReplacement(filled, Matcher.quoteReplacement(value));
    }
    matcher.appendTail(filled);
    return new ConfigNode.Scalar(filled.toString(), secret, line);
  }

  static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static int line(YAMLParser parser) {
    return Math.max(0, parser.currentTokenLocation().getLineNr());
  }

  /** The parser's message without the lines of the file it quotes: they may hold a secret. */
  private static String withoutSource(String message) {
    return message
        .lines()
        .filter(l -> !l.isBlank() && !Character.isWhitespace(l.charAt(0)))
        .collect(Collectors.joining(", "));
  }
}
