package io.crossfade.bench.load;

import java.util.SplittableRandom;

/** One client's endless sequence of statements: a cursor, so that nothing is allocated. */
final class StatementSource {
  private static final long OWN_FOLLOWERS = 1_000_000_000_000L;

  private final Workload workload;
  private final DataShape shape;
  private final SplittableRandom random;
  private final long firstOwnFollower;
  private StatementKind kind = StatementKind.DELETE;
  private long user;
  private long follower;
  private long changes;

  /**
   * @param run different in each run, so that rows a run left behind are never met again
   * @param client number of the client in the run, below 100,000
   */
  StatementSource(Workload workload, DataShape shape, long run, int client) {
    this.workload = workload;
    this.shape = shape;
    this.random = new SplittableRandom(run * 100_003 + client);
    this.firstOwnFollower = OWN_FOLLOWERS + ((run * 100_000 + client) << 24);
  }

  /** Goes to the next statement. */
  void next() {
    if (kind == StatementKind.INSERT) {
      kind = StatementKind.UPDATE;
    } else if (kind == StatementKind.UPDATE) {
      kind = StatementKind.DELETE;
    } else {
      switch (workload) {
        case POINT -> point();
        case LIST100 -> list(StatementKind.LIST100);
        case LIST5000 -> list(StatementKind.LIST5000);
        case DML -> change();
        case MIXED -> mixed(random.nextInt(100));
      }
    }
  }

  StatementKind kind() {
    return kind;
  }

  /** The first parameter. */
  long user() {
    return user;
  }

  /** The second parameter, where the statement has one. */
  long follower() {
    return follower;
  }

  private void mixed(int percent) {
    if (percent < 60) {
      point();
    } else if (percent < 85) {
      list(StatementKind.LIST100);
    } else if (percent < 90) {
      list(StatementKind.LIST5000);
    } else {
      change();
    }
  }

  private void point() {
    kind = StatementKind.POINT;
    user = random.nextBoolean() ? longUser() : shortUser();
    follower = DataShape.follower(random.nextInt(shape.size(user)));
  }

  private void list(StatementKind list) {
    kind = list;
    user = longUser();
  }

  private void change() {
    kind = StatementKind.INSERT;
    user = shortUser();
    follower = firstOwnFollower + changes++;
  }

  private long longUser() {
    return 1 + random.nextInt(DataShape.LONG_LISTS);
  }

  private long shortUser() {
    return DataShape.FIRST_SHORT + random.nextInt(shape.shortLists());
  }
}
