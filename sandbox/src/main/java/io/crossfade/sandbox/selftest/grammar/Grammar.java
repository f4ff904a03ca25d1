package io.crossfade.sandbox.selftest.grammar;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rules by name. In the text a rule is a name at the beginning of a line, its alternatives are the
 * indented lines below, each with an optional weight ({@code 5* text}), {@code ~} for nothing,
 * {@code !} before what makes every table dirty; {@code <rule>} refers to another rule, {@code
 * <3..9>} is a number; {@code [table t]} opens the rules that replace those of the same name while
 * a statement on {@code t} is derived, {@code [common]} ends that; lines that begin with {@code #}
 * are comments. Immutable.
 */
public final class Grammar {
  private static final Pattern WEIGHTED = Pattern.compile("(\\d+)\\* ?(.*)");

  private final Map<String, List<Alternative>> rules;
  private final List<String> tables;

  private Grammar(Map<String, List<Alternative>> rules, List<String> tables) {
    this.rules = rules;
    this.tables = tables;
  }

  /** The self-test's own. */
  public static Grammar standard() {
    try (InputStream in = Grammar.class.getResourceAsStream("selftest.grammar")) {
      if (in == null) {
        throw new IOException("selftest.grammar is not on the class path");
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Grammar parse(String grammar) {
    Map<String, List<Alternative>> rules = new LinkedHashMap<>();
    Set<String> tables = new LinkedHashSet<>();
    String suffix = "";
    String rule = "";
    for (String line : grammar.lines().toList()) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("[")) {
        String section = line.substring(1, line.indexOf(']'));
        suffix = section.startsWith("table ") ? "@" + section.substring(6) : "";
        if (!suffix.isEmpty()) {
          tables.add(suffix.substring(1));
        }
      } else if (line.startsWith(" ")) {
        List<Alternative> alternatives = rules.computeIfAbsent(rule, r -> new ArrayList<>());
        boolean odd = line.strip().startsWith("!");
        String text = odd ? line.strip().substring(1) : line.strip();
        Matcher m = WEIGHTED.matcher(text);
        boolean weighted = m.matches();
        String body = weighted ? m.group(2) : text;
        alternatives.add(
            new Alternative(
                rule + "#" + alternatives.size(),
                odd,
                weighted ? Integer.parseInt(m.group(1)) : 1,
                Part.parse(body.equals("~") ? "" : body)));
      } else {
        rule = line.strip() + suffix;
        if (rules.containsKey(rule)) {
          throw new IllegalArgumentException("rule " + rule + " is there twice");
        }
      }
    }
    return new Grammar(rules, List.copyOf(tables));
  }

  /** The tables that have rules of their own. */
  public List<String> tables() {
    return tables;
  }

  /** A rule's alternatives while a statement on {@code table} is derived. */
  List<Alternative> alternatives(String rule, String table) {
    List<Alternative> own = rules.get(rule + "@" + table);
    List<Alternative> found = own == null ? rules.get(rule) : own;
    if (found == null) {
      throw new IllegalArgumentException("no rule <" + rule + "> for table " + table);
    }
    return found;
  }

  /**
   * The rules that the alternatives of a rule refer to, e.g. the kinds of statements of a table.
   */
  public List<String> names(String rule, String table) {
    return alternatives(rule, table).stream().map(Alternative::only).toList();
  }

  /** Every alternative's id. */
  Set<String> ids() {
    Set<String> ids = new LinkedHashSet<>();
    rules.values().forEach(all -> all.forEach(a -> ids.add(a.id())));
    return ids;
  }
}
