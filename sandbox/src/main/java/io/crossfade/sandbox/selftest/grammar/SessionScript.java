package io.crossfade.sandbox.selftest.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The endless sequence of steps of one session: a function of its seed, its number and the swarm.
 *
 * <p>The rule {@code unit} derives several steps, separated by {@code ;;}. A step may begin with
 * how it is sent: {@code @prepared}, {@code @multi} (in one packet with the next),
 * {@code @executed} (MySQL's PREPARE and EXECUTE), {@code @load rows |} and {@code @cut}.
 */
public final class SessionScript {
  private static final String SEPARATOR = ";;";

  private final Derivation derivation;
  private final Set<String> reached = ConcurrentHashMap.newKeySet();
  private final Deque<Step> next = new ArrayDeque<>();

  /**
   * @param home the session's default schema, the other one, and the tables it works on
   * @param seed the round's seed
   * @param session the session's number, of which there are at most a thousand
   */
  public SessionScript(Grammar grammar, Swarm swarm, Home home, long seed, int session) {
    AtomicLong counter = new AtomicLong((seed & 0xFFFFFF) * 1_000_000_000L + session * 1_000_000L);
    this.derivation =
        new Derivation(
            grammar,
            swarm,
            new SplittableRandom(seed * 1_000_003 + session),
            home,
            counter::incrementAndGet,
            reached);
  }

  /** The next step. */
  public Step next() {
    while (next.isEmpty()) {
      List<String> pieces = new ArrayList<>();
      for (String piece : derivation.derive("unit").split(SEPARATOR, -1)) {
        if (!piece.isBlank()) {
          pieces.add(piece.strip());
        }
      }
      steps(pieces);
    }
    return next.removeFirst();
  }

  /** The ids of the alternatives taken so far. */
  Set<String> reached() {
    return reached;
  }

  private void steps(List<String> pieces) {
    StringBuilder packet = new StringBuilder();
    for (String piece : pieces) {
      if (piece.startsWith("@multi ") && !piece.startsWith("@multi @")) {
        packet.append(Values.literal(piece.substring("@multi ".length()))).append(";");
      } else if (packet.length() > 0 && !piece.startsWith("@")) {
        next.add(text("multi", packet + Values.literal(piece)));
        packet.setLength(0);
      } else {
        step(piece.startsWith("@multi ") ? piece.substring("@multi ".length()) : piece);
      }
    }
    if (packet.length() > 0) {
      next.add(text("multi", packet.toString()));
    }
  }

  private void step(String piece) {
    if (piece.equals("@cut")) {
      next.add(new Step(Step.Way.CUT, "cut", "", List.of(), ""));
    } else if (piece.startsWith("@load ")) {
      int bar = piece.indexOf('|');
      String rows = Values.literal(piece.substring("@load ".length(), bar)).strip();
      String sql = Values.literal(piece.substring(bar + 1)).strip();
      next.add(new Step(Step.Way.TEXT, "load", sql, List.of(), rows.replace("\\n", "\n")));
    } else if (piece.startsWith("@")) {
      int blank = piece.indexOf(' ');
      String rest = piece.substring(blank + 1).strip();
      if (rest.startsWith("@")) {
        step(rest);
      } else if (piece.startsWith("@prepared ")) {
        String marked = Values.marked(rest);
        next.add(new Step(Step.Way.PREPARED, kind(marked), marked, Values.of(rest), ""));
      } else if (piece.startsWith("@executed ")) {
        executed(rest);
      } else {
        throw new IllegalArgumentException("no such way: " + piece);
      }
    } else {
      next.add(text(kind(piece), Values.literal(piece)));
    }
  }

  private void executed(String derived) {
    List<String> values = Values.of(derived);
    StringBuilder set = new StringBuilder("SET @nothing = 0");
    StringBuilder using = new StringBuilder();
    for (int i = 0; i < values.size(); i++) {
      set.append(", @p").append(i).append(" = ").append(values.get(i));
      using.append(i == 0 ? " USING @p" : ", @p").append(i);
    }
    String quoted = Values.marked(derived).replace("\\", "\\\\").replace("'", "''");
    next.add(text("set", set.toString()));
    next.add(text("prepare", "PREPARE s FROM '" + quoted + "'"));
    next.add(text("execute", "EXECUTE s" + using));
  }

  private static Step text(String kind, String sql) {
    return new Step(Step.Way.TEXT, kind, sql, List.of(), "");
  }

  /** The statement's first word, or two of them where one says little. */
  private static String kind(String sql) {
    String[] words =
        sql.replaceAll("/\\*.*?\\*/", " ")
            .strip()
            .toLowerCase(java.util.Locale.ROOT)
            .split("[^a-z]+", 3);
    boolean two = words.length > 1 && (words[0].equals("xa") || words[0].equals("set"));
    return words.length == 0 || words[0].isEmpty()
        ? "commented"
        : two ? words[0] + " " + words[1] : words[0];
  }
}
