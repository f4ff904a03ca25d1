package io.crossfade.api.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of statements in {@code statements.tsv}. */
class StatementTableTest {
  record Line(String expected, String sql) {}

  static List<Line> lines() throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    StatementTableTest.class.getResourceAsStream("statements.tsv")),
                StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .filter(l -> !l.startsWith("#"))
          .map(
              l ->
                  new Line(
                      l.substring(0, l.lastIndexOf('\t')), l.substring(l.lastIndexOf('\t') + 1)))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("lines")
  void readsTheStatementAsListed(Line line) {
    Statement s = Texts.statement(line.sql());
    String tables = s.tables().stream().map(TableName::toString).collect(Collectors.joining(","));
    String shape =
        Stream.of(
                s.select() == null ? "" : "select",
                s.insert() == null ? "" : "insert",
                s.update() == null ? "" : "update",
                s.delete() == null ? "" : "delete")
            .collect(Collectors.joining());
    assertThat(
            String.join(
                "\t",
                s.kind().name(),
                tables.isEmpty() ? "-" : tables,
                String.valueOf(s.values()),
                shape.isEmpty() ? "-" : shape,
                s.opaque() == null ? "-" : s.opaque()))
        .isEqualTo(line.expected());
    assertThat(Texts.parameters(s.template())).isEqualTo(s.values());
  }
}
