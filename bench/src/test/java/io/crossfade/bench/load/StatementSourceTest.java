package io.crossfade.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StatementSourceTest {
  private static final DataShape SHAPE = new DataShape(400_000);

  @Test
  void insertsUpdatesAndDeletesTheSameRowInTurn() {
    StatementSource source = new StatementSource(Workload.DML, SHAPE, 1, 0);
    for (int i = 0; i < 100; i++) {
      source.next();
      long user = source.user();
      long follower = source.follower();
      assertThat(source.kind()).isEqualTo(StatementKind.INSERT);
      source.next();
      assertThat(source.kind()).isEqualTo(StatementKind.UPDATE);
      source.next();
      assertThat(source.kind()).isEqualTo(StatementKind.DELETE);
      assertThat(source.user()).isEqualTo(user);
      assertThat(source.follower()).isEqualTo(follower);
    }
  }

  @Test
  void neverGivesTwoClientsOrTwoRunsTheSameRowToInsert() {
    Set<Long> followers = new HashSet<>();
    int inserts = 0;
    for (long run = 1; run <= 3; run++) {
      for (int client = 0; client < 50; client++) {
        StatementSource source = new StatementSource(Workload.DML, SHAPE, run, client);
        for (int i = 0; i < 30; i++) {
          source.next();
          if (source.kind() == StatementKind.INSERT) {
            followers.add(source.follower());
            inserts++;
          }
        }
      }
    }
    assertThat(followers).hasSize(inserts);
  }

  @Test
  void readsRowsThatExist() {
    StatementSource source = new StatementSource(Workload.POINT, SHAPE, 1, 0);
    for (int i = 0; i < 10_000; i++) {
      source.next();
      long position = (source.follower() - DataShape.follower(0)) / 7;
      assertThat(position).isBetween(0L, SHAPE.size(source.user()) - 1L);
      assertThat(source.user())
          .matches(
              user ->
                  (user >= 1 && user <= DataShape.LONG_LISTS)
                      || (user >= DataShape.FIRST_SHORT
                          && user < DataShape.FIRST_SHORT + SHAPE.shortLists()));
    }
  }

  @Test
  void mixesInTheStatedShares() {
    StatementSource source = new StatementSource(Workload.MIXED, SHAPE, 1, 0);
    Map<StatementKind, Integer> counts = new EnumMap<>(StatementKind.class);
    int choices = 0;
    for (int i = 0; i < 100_000; i++) {
      source.next();
      counts.merge(source.kind(), 1, Integer::sum);
      if (source.kind() != StatementKind.UPDATE && source.kind() != StatementKind.DELETE) {
        choices++;
      }
    }
    assertThat(share(counts, StatementKind.POINT, choices)).isBetween(0.59, 0.61);
    assertThat(share(counts, StatementKind.LIST100, choices)).isBetween(0.24, 0.26);
    assertThat(share(counts, StatementKind.LIST5000, choices)).isBetween(0.045, 0.055);
    assertThat(share(counts, StatementKind.INSERT, choices)).isBetween(0.095, 0.105);
  }

  @Test
  void hasListsOfFiveThousandFromTheStatedNumberOfRowsOn() {
    assertThat(new DataShape(DataShape.ROWS_FOR_LISTS_OF_5000).longSize()).isEqualTo(5_000);
  }

  private static double share(Map<StatementKind, Integer> counts, StatementKind kind, int all) {
    return counts.getOrDefault(kind, 0) / (double) all;
  }
}
