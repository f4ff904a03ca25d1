package io.crossfade.server.session;

import io.crossfade.api.plugin.Outcome;
import io.crossfade.api.plugin.Reply;
import io.crossfade.api.plugin.ResultMetadata;
import io.crossfade.api.plugin.SessionFacts;
import io.crossfade.api.plugin.SessionView.TransactionState;
import io.crossfade.api.plugin.Verdict;
import io.crossfade.api.sql.Statement.Kind;
import io.crossfade.server.protocol.AnswerTracker;
import io.crossfade.server.protocol.AnswerTracker.Capture;
import io.crossfade.server.protocol.ErrPacket;
import io.crossfade.server.protocol.ServerStatus;
import io.crossfade.server.result.ResultWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one command that waits for the plugins: until MySQL owes nothing, then until what they are
 * told is known to be true, then for their verdict, which is carried out. Event-loop confined.
 */
final class Asking implements Deliberation.Judge {
  private static final Logger LOGGER = LoggerFactory.getLogger(Asking.class);

  private static final Set<Kind> WRITES =
      EnumSet.of(Kind.INSERT, Kind.REPLACE, Kind.UPDATE, Kind.DELETE);

  /** So many rows are put back at hardly any cost. */
  private static final long MANY = 10_000;

  /** ER_LOCK_DEADLOCK, which ends the transaction; ER_QUERY_INTERRUPTED, meant for the command. */
  private static final Set<Integer> ENDING = Set.of(1213, 1317);

  private final Session session;
  private final SessionState state;
  private final List<Plugin> plugins;
  private final Answers answers;
  private final Injections injections;
  private final Replay replay;
  private final Owner owner;
  private @Nullable Command waiting;
  private @Nullable Deliberation deliberation;

  /** Whether FOUND_ROWS() was asked for ahead of this command, because a question changes it. */
  private boolean foundRowsNoted;

  /** What it was; -1 when MySQL did not tell. */
  private long foundRows = -1;

  /** Whether the number of found rows is too large to be put back often. */
  private boolean manyFoundRows;

  /** Who has the commands. */
  interface Owner {
    /** Sends a whole command to MySQL. */
    void forward(Command command, Pending pending);

    /** Sends the last piece of a streamed command to MySQL. */
    void finishLarge(Command command, Consumer<AnswerTracker> onEnd);

    /** What happens in the relay when the command's answer is complete. */
    Consumer<AnswerTracker> end(Command command);

    /** Goes on with the commands behind. */
    void resume();
  }

  Asking(
      Session session,
      SessionState state,
      List<Plugin> plugins,
      Answers answers,
      Injections injections,
      Replay replay,
      Owner owner) {
    this.session = session;
    this.state = state;
    this.plugins = plugins;
    this.answers = answers;
    this.injections = injections;
    this.replay = replay;
    this.owner = owner;
  }

  /** Whether the commands behind have to wait. */
  boolean busy() {
    return waiting != null || deliberation != null;
  }

  /** The command that waits; null when there is none. */
  @Nullable Command held() {
    return deliberation != null ? deliberation.subject() : waiting;
  }

  /** Takes a command that must be asked about, or only understood. */
  void take(Command command) {
    waiting = command;
    goOn();
  }

  /** MySQL may have answered what was waited for. */
  void goOn() {
    Command command = waiting;
    if (command != null && deliberation == null && answers.none()) {
      prepare(command);
    }
  }

  /**
   * What the plugins are told must be true: asks MySQL for what is not known any more. Not ahead of
   * a command that reads what the one before it left behind, which a question would wipe out, and
   * no SELECT in a session that is told what its transactions did: the plugins then have to do with
   * less.
   */
  private void prepare(Command command) {
    if (command.readsDiagnostics && !command.streamed) {
      settled(command);
    } else if ((command.shown || command.streamed)
        && state.transaction() == TransactionState.UNKNOWN
        && !command.pinged) {
      command.pinged = true;
      injections.ping(owner::resume);
    } else if (!state.databaseKnown()
        && !state.transactionsTold()
        && !command.streamed
        && !command.askedDatabase) {
      command.askedDatabase = true;
      injections.database(owner::resume);
    } else if (command.streamed) {
      waiting = null;
    } else {
      settled(command);
    }
  }

  private void settled(Command command) {
    if (!command.shown) {
      waiting = null;
      owner.forward(command, Pending.relayed(command.type.answer(), owner.end(command)));
    } else {
      ask(command);
    }
  }

  /** Asks the plugins about a command of which they are told all that is known. */
  void ask(Command command) {
    waiting = null;
    Deliberation exchange = new Deliberation(session, state, plugins, command, this);
    deliberation = exchange;
    foundRowsNoted = false;
    manyFoundRows &= isWrite(exchange);
    boolean onlyReads =
        !command.streamed
            && !command.readsDiagnostics
            && !state.transactionsTold()
            && !exchange.statements().isEmpty()
            && exchange.statements().stream().allMatch(a -> a.statement().kind() == Kind.SELECT);
    state.factsSource(
        () ->
            onlyReads && deliberation == exchange
                ? injections.facts()
                : askable(exchange)
                    ? exchange.uncounted(this::factsAhead)
                    : CompletableFuture.failedFuture(
                        new IllegalStateException(
                            "session variables can only be asked for before a SELECT")));
    exchange.next();
  }

  private CompletionStage<SessionFacts> factsAhead() {
    noteFoundRows();
    return injections.facts();
  }

  private static boolean isWrite(Deliberation exchange) {
    return exchange.statements().size() == 1
        && WRITES.contains(exchange.statements().get(0).statement().kind());
  }

  @Override
  public boolean askable(Deliberation exchange) {
    Command command = exchange.subject();
    return deliberation == exchange
        && !command.streamed
        && !command.multiple
        && !command.readsDiagnostics
        && isWrite(exchange)
        && state.transaction() == TransactionState.OPEN
        && (state.status() & ServerStatus.IN_TRANS_READONLY) == 0
        && !state.transactionsTold()
        && !manyFoundRows
        && replay.none();
  }

  @Override
  public CompletionStage<Reply> ask(Deliberation exchange, byte[] sql) {
    CompletableFuture<Reply> future = new CompletableFuture<>();
    noteFoundRows();
    injections.question(
        sql,
        reply -> {
          if (reply.ok() || ENDING.contains(reply.error())) {
            future.complete(reply);
          } else {
            // Most errors end only the question, some the transaction.
            injections.ping(() -> future.complete(reply));
          }
        });
    return future;
  }

  private void noteFoundRows() {
    if (!foundRowsNoted) {
      foundRowsNoted = true;
      foundRows = -1;
      injections.foundRows(
          rows -> {
            foundRows = rows;
            manyFoundRows |= rows > MANY;
          });
    }
  }

  @Override
  public void forward(Deliberation exchange, boolean learn) {
    deliberation = null;
    if (foundRowsNoted) {
      injections.restoreFoundRows(foundRows);
    }
    Command command = exchange.subject();
    Consumer<AnswerTracker> end = owner.end(command);
    Consumer<AnswerTracker> onEnd =
        tracker -> {
          end.accept(tracker);
          exchange.after(outcome(tracker, command, learn && !command.streamed));
        };
    if (command.streamed) {
      owner.finishLarge(command, onEnd);
    } else {
      Capture capture = learn ? Capture.METADATA : Capture.NOTHING;
      owner.forward(command, new Pending(command.type.answer(), false, capture, onEnd));
    }
    owner.resume();
  }

  private Outcome outcome(AnswerTracker tracker, Command command, boolean learn) {
    var end = tracker.end();
    byte[] last = tracker.lastPacket();
    ResultMetadata metadata =
        learn
                && last != null
                && end.error() == 0
                && tracker.resultSets() == 1
                && end.warnings() == 0
                && !end.has(ServerStatus.SESSION_STATE_CHANGED)
                && !end.has(ServerStatus.CURSOR_EXISTS)
            ? new ResultMetadata(tracker.columns(), last, state.capabilities(), command.protocol)
            : null;
    return new Outcome(
        end.error(),
        end.has(ServerStatus.IN_TRANS),
        end.affectedRows(),
        end.lastInsertId(),
        end.matchedRows(),
        metadata);
  }

  @Override
  public boolean answer(Deliberation exchange, Verdict.Answer answer) {
    Command command = exchange.subject();
    if (!exchange.answerable()
        || !ResultWriter.fits(answer.metadata(), state.capabilities(), command.protocol)) {
      return false;
    }
    ByteBuf packets;
    try {
      packets =
          new ResultWriter(answer.metadata(), state.status())
              .write(ByteBufAllocator.DEFAULT, answer.rows());
    } catch (RuntimeException e) {
      LOGGER
          .atWarn()
          .addKeyValue("sessionId", state.id())
          .addKeyValue("cause", e.getClass().getName())
          .log("an answer cannot be written; the command is forwarded");
      return false;
    }
    deliberation = null;
    session.client().write(packets);
    command.onAnswered.run();
    byte[] due = replay.answered(command);
    if (due != null) {
      injections.late(due);
    }
    command.bytes.release();
    owner.resume();
    return true;
  }

  @Override
  public void refuse(Deliberation exchange, Verdict.Refuse refuse) {
    deliberation = null;
    Command command = exchange.subject();
    command.onRefused.accept(injections);
    int sequence = command.answerSequence();
    command.bytes.release();
    if (foundRowsNoted && foundRows >= 0) {
      replay.foundRows(injections.foundRowsPacket(foundRows));
    }
    session
        .client()
        .write(
            new ErrPacket(refuse.code(), refuse.sqlState(), refuse.message())
                .encode(ByteBufAllocator.DEFAULT, sequence));
    if (command.streamed) {
      // MySQL has most of the command already; only without its connection it will not execute it.
      session.close();
      return;
    }
    owner.resume();
  }

  /** The session is over. */
  void end() {
    if (deliberation != null) {
      deliberation.cancel();
      deliberation.subject().bytes.release();
      deliberation = null;
    } else if (waiting != null) {
      waiting.bytes.release();
    }
    waiting = null;
  }
}
