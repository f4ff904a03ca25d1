package io.crossfade.dualwrite.reconcile;

import static io.crossfade.dualwrite.mirror.Fixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.Row;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.dualwrite.hbase.Corrections;
import io.crossfade.dualwrite.hbase.Sabotage;
import io.crossfade.dualwrite.hbase.StoredItem;
import io.crossfade.dualwrite.mirror.Fixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the sweeper removes from a real HBase, and what it leaves. */
class SweeperIT {
  private static final Duration SETTLE = Duration.ofMillis(50);

  @ParameterizedTest
  @EnumSource(Layout.class)
  void removesOldSoftDeletionsAndNothingElse(Layout layout) throws Exception {
    try (Fixture f = Fixture.on(layout)) {
      List<Key> gone = new ArrayList<>();
      List<Key> live = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        f.execute("INSERT INTO follower VALUES (" + i % 3 + "," + i + ",'2026-01-01',1,'x')");
        (i % 4 == 0 ? gone : live).add(f.key(i % 3, i));
      }
      List<Key> all = new ArrayList<>(gone);
      all.addAll(live);
      f.lane().reread(all);
      f.execute("DELETE FROM follower WHERE follower_id % 4 = 0");
      f.lane().reread(gone);

      sweeper(f, Duration.ofHours(1)).round();
      assertThat(versions(f, gone)).as("too young").doesNotContain(StoredItem.NONE);
      assertThat(f.lane().notice().counted("purged")).isZero();

      sweeper(f, Duration.ZERO).round();
      assertThat(versions(f, gone)).containsOnly(StoredItem.NONE);
      assertThat(f.lane().notice().counted("purged")).isEqualTo(gone.size());
      var reading = f.lane().read((reader, connection) -> reader.rows(connection, live));
      assertThat(reading.rows()).hasSize(live.size());
      assertThat(f.lane().items().compare(reading.rows()).values())
          .allSatisfy(compared -> assertThat(compared.right()).isTrue());

      f.execute("INSERT INTO follower VALUES (0,0,'2026-01-01',1,'again')");
      f.lane().reread(gone);
      sweeper(f, Duration.ZERO).round();
      assertThat(f.lane().items().items(gone).get(f.key(0, 0)))
          .satisfies(item -> assertThat(item.live()).isTrue());
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aDeletionThatIsNoLongerTheNewestStateIsNotPurged(Layout layout) throws Exception {
    try (Fixture f = Fixture.on(layout)) {
      Key key = f.key(1, 1);
      f.lane().reread(List.of(key));
      long deletion = versions(f, List.of(key)).get(0);
      f.execute("INSERT INTO follower VALUES (1,1,'2026-01-01',1,'x')");
      f.lane().reread(List.of(key));
      assertThat(new Corrections(f.link(), f.mapping()).purge(key, deletion)).isFalse();
      assertThat(f.lane().items().items(List.of(key)).get(key))
          .satisfies(item -> assertThat(item.live()).isTrue());
    }
  }

  @ParameterizedTest
  @EnumSource(names = "TALL")
  void removesOrderRowsThatNoItemUses(Layout layout) throws Exception {
    try (Fixture f = Fixture.on(layout)) {
      f.execute("INSERT INTO follower VALUES (1,1,'2026-01-01',1,NULL)");
      f.execute("INSERT INTO follower VALUES (1,3,'2026-01-01',1,NULL)");
      f.lane().reread(List.of(f.key(1, 1), f.key(1, 3)));
      f.execute("DELETE FROM follower WHERE follower_id=3");
      f.lane().reread(List.of(f.key(1, 3)));
      Row used = row(1, 1, "2026-01-01 00:00:00.000", "1", null);
      List<Row> orphans =
          List.of(
              row(1, 1, "2029-01-01 00:00:00.000", "1", null),
              row(1, 2, "2029-01-01 00:00:00.000", "1", null),
              row(1, 3, "2029-01-01 00:00:00.000", "1", null));
      for (Row orphan : orphans) {
        Sabotage.orderEntry(f, orphan);
        assertThat(Sabotage.hasOrderEntry(f, orphan)).isTrue();
      }

      sweeper(f, Duration.ofHours(1)).round();

      for (Row orphan : orphans) {
        assertThat(Sabotage.hasOrderEntry(f, orphan)).isFalse();
      }
      assertThat(Sabotage.hasOrderEntry(f, used)).isTrue();
      assertThat(f.lane().notice().counted("order-orphans")).isEqualTo(orphans.size());
    }
  }

  private static Sweeper sweeper(Fixture f, Duration retention) {
    return new Sweeper(f.lane(), f.link(), new Throttle(() -> 10_000), SETTLE, retention);
  }

  private static List<Long> versions(Fixture f, List<Key> keys) throws Exception {
    return f.lane().items().items(keys).values().stream().map(StoredItem::version).toList();
  }
}
