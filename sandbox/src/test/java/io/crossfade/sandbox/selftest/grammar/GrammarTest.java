package io.crossfade.sandbox.selftest.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GrammarTest {
  @Test
  void readsWeightsReferencesAndNumbers() {
    Grammar g = Grammar.parse("# a comment\na\n  3* x <b> <1..4>\n  ~\nb\n  !y\n");
    List<Alternative> a = g.alternatives("a", "");
    assertThat(a).extracting(Alternative::weight).containsExactly(3, 1);
    assertThat(a.get(0).parts())
        .containsExactly(
            new Part.Text("x "), new Part.Reference("b"), new Part.Text(" "), new Part.Range(1, 4));
    assertThat(a.get(1).parts()).isEmpty();
    assertThat(a).noneMatch(Alternative::odd);
    assertThat(g.alternatives("b", "")).allMatch(Alternative::odd);
  }

  @Test
  void aTablesRuleReplacesTheCommonOne() {
    Grammar g = Grammar.parse("[common]\na\n  x\n[table t]\na\n  y\n");
    assertThat(g.alternatives("a", "t")).extracting(Alternative::id).containsExactly("a@t#0");
    assertThat(g.alternatives("a", "u")).extracting(Alternative::id).containsExactly("a#0");
    assertThat(g.tables()).containsExactly("t");
  }

  @Test
  void refusesARuleThatIsThereTwiceAndOneThatIsNot() {
    assertThatThrownBy(() -> Grammar.parse("a\n  x\na\n  y\n")).hasMessageContaining("twice");
    assertThatThrownBy(() -> Grammar.parse("a\n  x\n").alternatives("b", "t"))
        .hasMessageContaining("no rule <b>");
  }

  @Test
  void everyKindThatASwarmMayKeepIsAKind() {
    Grammar g = Grammar.standard();
    for (String table : g.tables()) {
      List<String> kinds = g.names("kind", table);
      assertThat(kinds).as(table).doesNotContain("");
      for (String set : Set.of("exact", "harmless", "everywhere")) {
        assertThat(kinds).as("%s of %s", set, table).containsAll(g.names(set, table));
      }
    }
    assertThat(g.names("unit", "")).containsAll(g.names("unitExact", ""));
    assertThat(g.names("way", "")).containsAll(g.names("wayExact", ""));
  }
}
