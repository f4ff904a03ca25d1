package io.crossfade.dualwrite.capture;

import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.capture.Definitions.Sure;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The watched tables and the names that reach them, at one moment. Immutable.
 *
 * <p>Names are compared without regard to case: a superset where the server distinguishes case.
 */
public final class CaptureCatalogue {
  private final String serverUuid;
  private final Map<TableName, CaptureTable> tables;
  private final Map<String, TableName> byLowerName = new HashMap<>();
  private final Map<String, Set<TableName>> reaches;
  private final Set<TableName> throughFunctions;
  private final Map<String, Set<TableName>> byReading;
  private final boolean foreign;
  private final Sure sure;

  /**
   * A catalogue that is sure of what it says, and knows of no view that calls a function.
   *
   * @param serverUuid as below
   * @param tables as below
   * @param reaches as below
   * @param throughFunctions as below
   */
  public CaptureCatalogue(
      String serverUuid,
      Collection<CaptureTable> tables,
      Map<String, Set<TableName>> reaches,
      Set<TableName> throughFunctions) {
    this(serverUuid, tables, reaches, throughFunctions, Map.of(), Sure.KNOWN);
  }

  /**
   * A catalogue.
   *
   * @param serverUuid {@code @@server_uuid} of the server the proxy's sessions are on
   * @param tables the watched tables
   * @param reaches names in lower case, {@code name} or {@code schema.name}, by which a statement
   *     may reach watched tables: views, tables whose triggers or cascades reach them, routines
   * @param throughFunctions the watched tables that some stored function may reach, or might as far
   *     as is known
   * @param byReading those of {@code reaches} by which a statement that only reads may change
   *     watched tables: functions, and views that call one
   * @param sure whether all this may be out of date
   */
  public CaptureCatalogue(
      String serverUuid,
      Collection<CaptureTable> tables,
      Map<String, Set<TableName>> reaches,
      Set<TableName> throughFunctions,
      Map<String, Set<TableName>> byReading,
      Sure sure) {
    this.serverUuid = serverUuid;
    Map<TableName, CaptureTable> byName = new LinkedHashMap<>();
    for (CaptureTable t : tables) {
      byName.put(t.table(), t);
      byLowerName.put(lower(t.table()), t.table());
    }
    this.tables = Map.copyOf(byName);
    this.reaches = Map.copyOf(reaches);
    this.throughFunctions = Set.copyOf(throughFunctions);
    this.byReading = Map.copyOf(byReading);
    this.sure = sure;
    this.foreign =
        byLowerName.keySet().stream().anyMatch(CaptureCatalogue::isForeign)
            || reaches.keySet().stream().anyMatch(CaptureCatalogue::isForeign);
  }

  /** The same, with that certainty. */
  public CaptureCatalogue with(Sure other) {
    return new CaptureCatalogue(
        serverUuid, tables.values(), reaches, throughFunctions, byReading, other);
  }

  /** How sure it is. */
  Sure sure() {
    return sure;
  }

  /**
   * Whether {@code name} may be the name of something known in other characters than it was read
   * in: the session's character set is not known.
   */
  boolean doubtful(TableName name) {
    return foreign && isForeign(name.toString());
  }

  private static boolean isForeign(String name) {
    return name.chars().anyMatch(c -> c >= 0x80);
  }

  /** The watched tables that reading {@code name} may change. */
  public Set<TableName> byReading(TableName name) {
    return find(byReading, name);
  }

  /** {@code @@server_uuid} of the server that sessions are on. */
  public String serverUuid() {
    return serverUuid;
  }

  /** Every watched table. */
  public Set<TableName> watched() {
    return tables.keySet();
  }

  /** The watched table that is called so. */
  public Optional<CaptureTable> find(TableName name) {
    TableName known = byLowerName.get(lower(name));
    return known == null ? Optional.empty() : Optional.ofNullable(tables.get(known));
  }

  /** The watched tables that a statement on {@code name} may change besides that table itself. */
  public Set<TableName> reachedThrough(TableName name) {
    return find(reaches, name);
  }

  /** The watched tables that a statement which only reads may change by calling a function. */
  public Set<TableName> throughFunctions() {
    return throughFunctions;
  }

  /** What the name leads to, with its schema or without. */
  private static Set<TableName> find(Map<String, Set<TableName>> names, TableName name) {
    Set<TableName> plain = names.get(name.table().toLowerCase(Locale.ROOT));
    Set<TableName> qualified = names.get(lower(name));
    if (plain == null) {
      return qualified == null ? Set.of() : qualified;
    }
    if (qualified == null) {
      return plain;
    }
    Set<TableName> both = new HashSet<>(plain);
    both.addAll(qualified);
    return both;
  }

  private static String lower(TableName name) {
    return name.toString().toLowerCase(Locale.ROOT);
  }
}
