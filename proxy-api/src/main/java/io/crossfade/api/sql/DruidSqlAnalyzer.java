package io.crossfade.api.sql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.crossfade.api.sql.Statement.Kind;
import io.crossfade.api.value.SqlValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Recognises statements in two steps: a lexer lifts the literals out, and the template that remains
 * is parsed once by Druid's MySQL parser. Analyses are cached by database, sql_mode and template,
 * so that a client that writes literals costs a tokenisation, not a parse.
 *
 * <p>Thread-safe. Never throws: what cannot be read is opaque. A text whose statements could not be
 * told apart has the kind OTHER when more may follow, because that may be a write.
 */
public final class DruidSqlAnalyzer implements SqlAnalyzer {
  /** Characters of templates that are kept, over all sessions. */
  private static final long CACHED_CHARACTERS = 16 << 20;

  /** What an entry costs besides its template's characters. */
  private static final int ENTRY_OVERHEAD = 512;

  /** Longer templates, bulk inserts with ever different row counts, are not worth a place. */
  private static final int LONGEST_CACHED = 64 << 10;

  private final Cache<Key, Statement> cache =
      Caffeine.newBuilder()
          .maximumWeight(CACHED_CHARACTERS)
          .weigher((Key key, Statement statement) -> key.template().length() + ENTRY_OVERHEAD)
          .build();

  private final LongAdder parses = new LongAdder();

  /** An analyzer with an empty cache. Loads the parser, which takes some 100 ms once. */
  public DruidSqlAnalyzer() {
    analyze("SELECT 1".getBytes(StandardCharsets.US_ASCII), "", SqlMode.DEFAULT);
  }

  @Override
  public List<Analyzed> analyze(byte[] sql, String database, SqlMode mode) {
    List<Lexed> parts = Lexer.lex(sql, mode, false);
    if (parts.size() == 1) {
      return List.of(analyzed(parts.get(0), database, mode));
    }
    if (parts.isEmpty()) {
      return List.of(empty());
    }
    List<Analyzed> all = new ArrayList<>(parts.size());
    for (Lexed part : parts) {
      all.add(analyzed(part, database, mode));
    }
    return List.copyOf(all);
  }

  @Override
  public Analyzed analyzePrepared(byte[] sql, String database, SqlMode mode) {
    List<Lexed> parts = Lexer.lex(sql, mode, true);
    if (parts.isEmpty()) {
      return empty();
    }
    Lexed first = parts.get(0);
    if (parts.size() > 1) {
      // MySQL prepares one statement only.
      return opaque(Kind.OTHER, first.template(), first.values(), "multi");
    }
    return analyzed(first, database, mode);
  }

  @Override
  public Kind firstWord(byte[] sql) {
    return FirstWords.kind(sql);
  }

  /** How many templates were parsed so far. */
  long parses() {
    return parses.sum();
  }

  private Analyzed analyzed(Lexed part, String database, SqlMode mode) {
    String why = part.opaque();
    if (why != null) {
      Kind kind = part.undivided() ? Kind.OTHER : TemplateAnalysis.kind(part.template());
      return opaque(kind, part.template(), part.values(), why);
    }
    String template = part.template();
    Key key = new Key(template, database, mode);
    Statement statement = cache.getIfPresent(key);
    if (statement == null) {
      statement = TemplateAnalysis.of(template, database, part.values().size(), parses::increment);
      if (template.length() <= LONGEST_CACHED) {
        cache.put(key, statement);
      }
    }
    return new Analyzed(statement, part.values());
  }

  private static Analyzed empty() {
    return opaque(Kind.OTHER, "", List.of(), "empty");
  }

  private static Analyzed opaque(Kind kind, String template, List<SqlValue> values, String why) {
    return new Analyzed(TemplateAnalysis.plain(kind, template, values.size(), why), values);
  }

  private record Key(String template, String database, SqlMode mode) {}
}
