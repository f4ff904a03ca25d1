package io.crossfade.server.fuzz;

import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What MySQL knows of the prepared statements, and what it lacks because plugins answered or
 * refused: an answered SELECT may have to be repeated, so its statement stays open; a value that
 * was sent ahead of a refused execution has to be thrown away.
 */
final class LeftBehind {
  private static final int QUERY = 0x03;
  private static final int CHANGE_USER = 0x11;
  private static final int EXECUTE = 0x17;
  private static final int SEND_LONG_DATA = 0x18;
  private static final int CLOSE = 0x19;
  private static final int RESET = 0x1A;
  private static final int RESET_CONNECTION = 0x1F;

  private final Rules rules;

  /** The client's commands that neither MySQL got nor a plugin took. */
  private final Deque<Ask> sent;

  private @Nullable Ask replayable;
  private @Nullable Ask lastAnswered;

  /** Whether MySQL executed something since. */
  private boolean executedSince;

  /** The end of the last answered statement, which may come late. */
  private @Nullable Ask keptBack;

  private Ask.@Nullable Prepared refusedWithLongData;

  LeftBehind(Rules rules, Deque<Ask> sent) {
    this.rules = rules;
    this.sent = sent;
  }

  /** A plugin answered. */
  void answered(Ask ask) {
    replayable = ask;
    lastAnswered = ask;
    executedSince = false;
  }

  /** A plugin refused. */
  void refused(Ask ask) {
    if (ask.longData) {
      refusedWithLongData = ask.statement;
    }
  }

  /**
   * Whether the packet is the relay's own, although the client's next command may look the same.
   */
  boolean isRelaysOwn(byte[] packet) {
    return resetsRefused(packet) || repeats(packet);
  }

  private boolean resetsRefused(byte[] packet) {
    Ask.Prepared refused = refusedWithLongData;
    return refused != null
        && Arrays.equals(packet, Wire.packetOf(0, new Wire().u8(RESET).u32(refused.id).bytes()));
  }

  private boolean repeats(byte[] packet) {
    Ask answered = replayable;
    Ask next = sent.peek();
    return answered != null
        && next != null
        && next.asked
        && next.readsDiagnostics
        && isSame(answered, packet);
  }

  static boolean isSame(Ask ask, byte[] packet) {
    return Arrays.equals(ask.packet, packet) || Arrays.equals(ask.withTypes, packet);
  }

  /** What must be executable once more is closed when it need not be any more. */
  void keepBack() {
    Ask ask = sent.peek();
    Ask answered = lastAnswered;
    if (ask != null
        && answered != null
        && keptBack == null
        && ask.code == CLOSE
        && ask.statement == answered.statement) {
      keptBack = sent.remove();
    }
  }

  /** The command that was kept back, if this is it; it is not any more then. */
  @Nullable Ask keptBack(byte[] packet) {
    Ask kept = keptBack;
    if (kept == null || !isSame(kept, packet)) {
      return null;
    }
    keptBack = null;
    return kept;
  }

  /** A command of the client's arrives at MySQL. */
  void arrives(Ask ask, byte[] packet) {
    checkKeptBack(ask);
    checkExecution(ask, packet);
    follow(ask);
    rules.require(
        !ask.readsDiagnostics || replayable == null || !ask.asked && !ask.mustBeShown,
        "what an answered SELECT left behind is not there");
    switch (ask.code) {
      case QUERY, EXECUTE -> {
        replayable = null;
        executedSince = true;
      }
      case CHANGE_USER, RESET_CONNECTION -> replayable = null;
      default -> {}
    }
  }

  private static void follow(Ask ask) {
    Ask.Prepared statement = ask.statement;
    if (statement == null) {
      return;
    }
    switch (ask.code) {
      case EXECUTE -> statement.typesOfReplay = false;
      case SEND_LONG_DATA -> statement.mysqlHasLongData = true;
      case RESET -> statement.mysqlHasLongData = false;
      case CLOSE -> statement.closedAtMysql = true;
      default -> {}
    }
  }

  private void checkKeptBack(Ask ask) {
    Ask kept = keptBack;
    if (kept != null) {
      Ask answered = lastAnswered;
      rules.require(
          answered != null && answered.statement == kept.statement && !ask.says("SELECT"),
          "a statement is not closed");
    }
  }

  private void checkExecution(Ask ask, byte[] packet) {
    Ask.Prepared statement = ask.statement;
    if (statement == null || ask.code != EXECUTE) {
      return;
    }
    rules.require(!statement.closedAtMysql, "a closed statement is executed");
    boolean added = Arrays.equals(ask.withTypes, packet);
    boolean known = statement.mysqlTypes == ask.types;
    rules.require(
        ask.bringsTypes || added || ask.withTypes == null || known,
        "MySQL does not know the types of an execution");
    rules.require(
        !added || !known || statement.typesOfReplay, "an execution is changed without need");
    if (ask.bringsTypes || added) {
      statement.mysqlTypes = ask.types;
    }
    rules.require(
        ask.longData == statement.mysqlHasLongData,
        "MySQL and the client disagree about long data sent ahead");
    statement.mysqlHasLongData = false;
  }

  /** Whether the relay's packet throws a value away; MySQL has none any more then. */
  boolean discards(byte[] packet) {
    if (packet.length != 9 || packet[4] != RESET) {
      return false;
    }
    Ask.Prepared refused = refusedWithLongData;
    rules.require(refused != null, "a statement is reset that nobody asked for");
    Rules.there(refused).mysqlHasLongData = false;
    refusedWithLongData = null;
    return true;
  }

  /** The answered command that the relay has MySQL execute after all. */
  Ask repeated(byte[] packet) {
    Ask again = lastAnswered;
    Ask next = sent.peek();
    rules.require(
        again != null && isSame(again, packet),
        "MySQL gets what nobody sent: " + ByteBufUtil.hexDump(packet) + " before " + next);
    Ask last = Rules.there(again);
    rules.require(
        !executedSince || next != null && (next.says("FOUND_ROWS") || next.code == EXECUTE),
        "what was executed since an answered SELECT is wiped out");
    checkExecution(last, packet);
    if (last.statement != null) {
      last.statement.typesOfReplay = true;
    }
    lastAnswered = null;
    replayable = null;
    return last;
  }

  /** A streamed execution cannot be given the types of one that MySQL did not get. */
  boolean needsTypesInAStream() {
    return sent.stream()
        .anyMatch(
            a ->
                a.streamed()
                    && a.withTypes != null
                    && a.statement != null
                    && (a.statement.mysqlTypes != a.types || a.statement.typesOfReplay));
  }
}
