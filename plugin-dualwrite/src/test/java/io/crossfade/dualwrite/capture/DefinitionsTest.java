package io.crossfade.dualwrite.capture;

import static io.crossfade.dualwrite.capture.Definitions.Sure.KNOWN;
import static io.crossfade.dualwrite.capture.Definitions.Sure.READS_UNSURE;
import static io.crossfade.dualwrite.capture.Definitions.Sure.WRITES_UNSURE;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.dualwrite.capture.Definitions.Sure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DefinitionsTest {
  private final List<Sure> told = new ArrayList<>();
  private final AtomicInteger reads = new AtomicInteger();
  private final Definitions definitions = new Definitions(told::add, reads::incrementAndGet);

  private Sure settled(long look) {
    List<Sure> published = new ArrayList<>();
    definitions.settle(look, published::add);
    assertThat(published).containsExactly(definitions.sure());
    return published.get(0);
  }

  @Test
  void isUnsureFromBeforeTheStatementUntilACatalogueReadAfterItsAnswer() {
    definitions.sent(false);
    assertThat(told).containsExactly(WRITES_UNSURE);
    assertThat(settled(definitions.look())).as("still running").isEqualTo(WRITES_UNSURE);
    long before = definitions.look();
    definitions.answered();
    assertThat(reads).hasValue(1);
    assertThat(settled(before)).as("read before the answer").isEqualTo(WRITES_UNSURE);
    assertThat(settled(definitions.look())).isEqualTo(KNOWN);
  }

  @Test
  void anotherStatementWhileTheCatalogueIsReadKeepsItUnsure() {
    definitions.sent(false);
    definitions.answered();
    long look = definitions.look();
    definitions.sent(false);
    definitions.answered();
    assertThat(settled(look)).isEqualTo(WRITES_UNSURE);
  }

  @Test
  void isUnsureOfReadsOnlyWhereCodeIsDefined() {
    definitions.sent(false);
    definitions.sent(true);
    definitions.sent(false);
    assertThat(told).containsExactly(WRITES_UNSURE, READS_UNSURE);
    assertThat(definitions.sure()).isEqualTo(READS_UNSURE);
  }
}
