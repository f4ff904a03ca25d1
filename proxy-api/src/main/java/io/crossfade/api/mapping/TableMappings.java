package io.crossfade.api.mapping;

/** Makes mappings. */
public final class TableMappings {
  private TableMappings() {}

  /**
   * The mapping of a table.
   *
   * @throws MappingException when the table cannot be mirrored as configured; it lists every reason
   */
  public static TableMapping create(TableSchema schema, TableConfig config) {
    MappingCheck.check(schema, config);
    return switch (config.layout()) {
      case WIDE -> new WideMapping(schema, config);
      case TALL -> new TallMapping(schema, config);
    };
  }
}
