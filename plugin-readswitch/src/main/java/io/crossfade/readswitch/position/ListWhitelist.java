package io.crossfade.readswitch.position;

import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.value.SqlValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The lists that HBase answers for every session. Thread-safe. */
public final class ListWhitelist {
  /** No list. */
  public static final ListWhitelist NONE = new ListWhitelist(List.of());

  private final List<String> values;
  private volatile Encoded encoded = new Encoded(-1, Set.of());

  /**
   * @param values the value of each list's key, which is one column, as SQL would write it
   */
  public ListWhitelist(List<String> values) {
    this.values = List.copyOf(values);
  }

  /** How many lists. */
  public int size() {
    return values.size();
  }

  /** Whether all of {@code lists}, at least one, are on it. */
  public boolean containsAll(TableMapping mapping, Collection<ByteBuffer> lists) {
    if (values.isEmpty() || lists.isEmpty()) {
      return false;
    }
    int schema = mapping.schema().hashCode();
    Encoded current = encoded;
    if (current.schema() != schema || current.lists().isEmpty()) {
      current = new Encoded(schema, encode(mapping));
      encoded = current;
    }
    return current.lists().containsAll(lists);
  }

  private Set<ByteBuffer> encode(TableMapping mapping) {
    Set<ByteBuffer> lists = new HashSet<>();
    for (String value : values) {
      SqlValue.Form form =
          value.matches("[+-]?\\d+") ? SqlValue.Form.INTEGER : SqlValue.Form.STRING;
      mapping
          .prefix(List.of(new SqlValue(form, value.getBytes(StandardCharsets.UTF_8))))
          .flatMap(mapping::listOf)
          .map(ByteBuffer::wrap)
          .ifPresent(lists::add);
    }
    return lists;
  }

  /** The lists as a mapping of this schema (its hash) names them. */
  private record Encoded(int schema, Set<ByteBuffer> lists) {}
}
