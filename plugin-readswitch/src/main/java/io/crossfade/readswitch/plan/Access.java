package io.crossfade.readswitch.plan;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.sql.Condition.Comparison;
import io.crossfade.api.sql.Condition.Op;
import io.crossfade.api.sql.Operand;
import io.crossfade.api.value.SqlValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which keys a condition addresses: whole keys, or one list; and what of it is left to test.
 *
 * @param keys whole keys; empty when it is a list
 * @param list the range of a list; empty when it is whole keys
 * @param rest the comparisons that the keys do not already express
 */
record Access(List<Key> keys, Optional<KeyRange> list, List<Comparison> rest) {
  private static final int MOST_KEYS = 1_000;

  static Access of(TableMapping mapping, List<Comparison> conjuncts, Constants constants)
      throws Unproven {
    return new Finder(mapping, constants, conjuncts).find();
  }

  /** Tries to see keys in a conjunction. */
  private static final class Finder {
    private final TableMapping mapping;
    private final Constants constants;
    private final List<Comparison> conjuncts;
    private final List<Integer> primaryKey;
    // position of a column -> the first comparison that pins it to one value
    private final Map<Integer, Comparison> pinned = new HashMap<>();

    Finder(TableMapping mapping, Constants constants, List<Comparison> conjuncts) throws Unproven {
      this.mapping = mapping;
      this.constants = constants;
      this.conjuncts = new ArrayList<>();
      this.primaryKey = mapping.schema().primaryKey();
      for (Comparison conjunct : conjuncts) {
        if (conjunct.op() == Op.EQ && conjunct.columns().size() > 1) {
          for (int i = 0; i < conjunct.columns().size(); i++) {
            add(
                new Comparison(
                    List.of(conjunct.columns().get(i)),
                    Op.EQ,
                    List.of(conjunct.operands().get(i))));
          }
        } else {
          add(conjunct);
        }
      }
    }

    private void add(Comparison conjunct) throws Unproven {
      conjuncts.add(conjunct);
      if (conjunct.op() == Op.EQ) {
        pinned.putIfAbsent(position(conjunct.columns().get(0)), conjunct);
      }
    }

    Access find() throws Unproven {
      if (pinned.keySet().containsAll(primaryKey)) {
        Key key = key(Map.of());
        return new Access(List.of(key), Optional.empty(), without(comparisons(primaryKey)));
      }
      for (Comparison conjunct : conjuncts) {
        if (conjunct.op() == Op.IN && completesKey(conjunct)) {
          return keys(conjunct);
        }
      }
      List<Integer> listKey = new ArrayList<>();
      for (String column : mapping.config().listKey()) {
        listKey.add(position(column));
      }
      if (!pinned.keySet().containsAll(listKey)) {
        throw new Unproven("where");
      }
      List<SqlValue> values = new ArrayList<>();
      for (Comparison comparison : comparisons(listKey)) {
        values.add(constants.value(comparison.operands().get(0)));
      }
      KeyRange list = mapping.prefix(values).orElseThrow(() -> new Unproven("value"));
      return new Access(List.of(), Optional.of(list), without(comparisons(listKey)));
    }

    private boolean completesKey(Comparison in) throws Unproven {
      Set<Integer> columns = new HashSet<>();
      for (String column : in.columns()) {
        columns.add(position(column));
      }
      Set<Integer> all = new HashSet<>(pinned.keySet());
      all.addAll(columns);
      return columns.size() == in.columns().size()
          && primaryKey.containsAll(columns)
          && all.containsAll(primaryKey);
    }

    private Access keys(Comparison in) throws Unproven {
      int width = in.columns().size();
      Set<Key> keys = new LinkedHashSet<>();
      for (int row = 0; row < in.operands().size(); row += width) {
        Map<Integer, Operand> operands = new HashMap<>();
        for (int i = 0; i < width; i++) {
          operands.put(position(in.columns().get(i)), in.operands().get(row + i));
        }
        keys.add(key(operands));
        if (keys.size() > MOST_KEYS) {
          throw new Unproven("too-many-keys");
        }
      }
      // What IN says of a column goes before what = says of it; that is tested afterwards.
      List<Integer> others =
          primaryKey.stream()
              .filter(p -> in.columns().stream().noneMatch(c -> isAt(c, p)))
              .toList();
      List<Comparison> used = new ArrayList<>(comparisons(others));
      used.add(in);
      return new Access(List.copyOf(keys), Optional.empty(), without(used));
    }

    /** The key whose columns have the values of {@code operands}, else those they are pinned to. */
    private Key key(Map<Integer, Operand> operands) throws Unproven {
      List<SqlValue> values = new ArrayList<>();
      for (int position : primaryKey) {
        Operand operand = operands.get(position);
        Comparison pin = pinned.get(position);
        if (operand == null && pin != null) {
          operand = pin.operands().get(0);
        }
        if (operand == null) {
          throw new Unproven("where");
        }
        values.add(constants.value(operand));
      }
      return mapping.key(values).orElseThrow(() -> new Unproven("value"));
    }

    private List<Comparison> comparisons(List<Integer> positions) {
      return positions.stream().flatMap(p -> Optional.ofNullable(pinned.get(p)).stream()).toList();
    }

    /** By identity: two equal comparisons would both be tested, which is right too. */
    private List<Comparison> without(List<Comparison> used) {
      return IntStream.range(0, conjuncts.size())
          .mapToObj(conjuncts::get)
          .filter(c -> used.stream().noneMatch(u -> u == c))
          .toList();
    }

    private boolean isAt(String column, int position) {
      return mapping.schema().columns().get(position).name().equalsIgnoreCase(column);
    }

    private int position(String column) throws Unproven {
      return mapping.schema().indexOf(column).orElseThrow(() -> new Unproven("column"));
    }
  }
}
