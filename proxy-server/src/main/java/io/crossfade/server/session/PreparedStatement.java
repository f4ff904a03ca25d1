package io.crossfade.server.session;

import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.api.sql.Statement.Kind;
import io.crossfade.api.value.SqlValue;
import io.crossfade.server.protocol.BinaryValues;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement the client prepared on this session. Event-loop confined. */
final class PreparedStatement {
  private final @Nullable Analyzed analyzed;
  private boolean hit;
  private final boolean readsDiagnostics;
  private final int parameters;
  private final BitSet longData = new BitSet();
  private int[] types = BinaryValues.NO_TYPES;
  private boolean mysqlKnowsTypes = true;

  /** {@code analyzed} is null when the text was too large to look into. */
  PreparedStatement(
      @Nullable Analyzed analyzed, boolean hit, boolean readsDiagnostics, int parameters) {
    this.analyzed = analyzed;
    this.hit = hit;
    this.readsDiagnostics = readsDiagnostics;
    this.parameters = parameters;
  }

  boolean hit() {
    return hit;
  }

  /** The watched names changed since: it may be a hit now. */
  void suspect() {
    hit = true;
  }

  boolean readsDiagnostics() {
    return readsDiagnostics;
  }

  int parameters() {
    return parameters;
  }

  @Nullable Analyzed analyzed() {
    return analyzed;
  }

  /** What it does; OTHER when that is not known. */
  Kind kind() {
    return analyzed == null ? Kind.OTHER : analyzed.statement().kind();
  }

  BitSet longData() {
    return longData;
  }

  int[] types() {
    return types;
  }

  void types(int[] newTypes) {
    types = newTypes;
  }

  /** Whether the last types the client gave have reached MySQL. */
  boolean mysqlKnowsTypes() {
    return mysqlKnowsTypes;
  }

  void mysqlKnowsTypes(boolean known) {
    mysqlKnowsTypes = known;
  }

  /** The statement with {@code values} in place of its parameters; those missing are unknown. */
  List<Analyzed> bind(List<SqlValue> values) {
    if (analyzed == null) {
      return List.of();
    }
    List<SqlValue> bound = new ArrayList<>(analyzed.values());
    int next = 0;
    for (int i = 0; i < bound.size(); i++) {
      if (analyzed.isParameter(i)) {
        bound.set(i, next < values.size() ? values.get(next) : SqlValue.UNKNOWN);
        next++;
      }
    }
    return List.of(new Analyzed(analyzed.statement(), bound));
  }
}
