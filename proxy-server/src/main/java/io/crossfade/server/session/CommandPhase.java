package io.crossfade.server.session;

import io.crossfade.api.plugin.Outcome;
import io.crossfade.api.plugin.ResultMetadata;
import io.crossfade.api.plugin.SessionView.TransactionState;
import io.crossfade.api.plugin.Verdict;
import io.crossfade.api.sql.Statement.Kind;
import io.crossfade.server.frame.Frames;
import io.crossfade.server.frame.PacketScanner;
import io.crossfade.server.protocol.AnswerShape;
import io.crossfade.server.protocol.AnswerTracker;
import io.crossfade.server.protocol.AnswerTracker.Capture;
import io.crossfade.server.protocol.CommandType;
import io.crossfade.server.protocol.ErrPacket;
import io.crossfade.server.protocol.ServerStatus;
import io.crossfade.server.result.ResultWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * "Command Phase" of the manual. Commands go to MySQL in the order they came; one that the plugins
 * must see waits until MySQL owes nothing, and everything behind it waits for their verdict.
 */
final class CommandPhase implements Phase, Answers.Dialogue, Deliberation.Judge {
  private static final Logger LOGGER = LoggerFactory.getLogger(CommandPhase.class);

  /** Enough of a large command to recognise it. */
  private static final int BEGINNING = 512;

  private final Session session;
  private final SessionState state;
  private final List<Plugin> plugins;
  private final Inspector inspector;
  private final Answers answers;
  private final Injections injections;
  private final Replay replay = new Replay();
  private final Input input = new Input();
  private final PacketScanner file = new PacketScanner();
  private Mode mode = Mode.COMMANDS;
  private int preparing;
  private int turns;
  private @Nullable Command waiting;
  private @Nullable Deliberation deliberation;
  private @Nullable LargeCommand large;
  private boolean resuming;
  private boolean pumping;

  /** What the client's next bytes are. */
  private enum Mode {
    COMMANDS,
    /** The rest of a command too large to be held. */
    LARGE,
    /** A file's content, up to an empty packet. */
    FILE,
    /** Packets of an authentication dialogue. */
    DIALOGUE,
    /** Anything; nobody looks at it any more. */
    RAW
  }

  CommandPhase(Session session, SessionState state, List<Plugin> plugins) {
    this.session = session;
    this.state = state;
    this.plugins = plugins;
    inspector = new Inspector(session.context(), state, plugins);
    answers = new Answers(session.client(), state, this);
    injections = new Injections(session.backend(), answers, state, session.context().metrics());
    file.keep(0);
  }

  @Override
  public Phase onClient(ByteBuf in) {
    input.add(in);
    pump();
    return this;
  }

  @Override
  public Phase onServer(ByteBuf in) {
    answers.onServer(in);
    resume();
    return this;
  }

  /** Goes on with what waited for MySQL, then with what the client sent meanwhile. */
  private void resume() {
    if (resuming) {
      return;
    }
    resuming = true;
    try {
      Command command = waiting;
      if (command != null && deliberation == null && answers.none()) {
        prepareToAsk(command);
      }
      pump();
    } finally {
      resuming = false;
    }
  }

  private boolean blocked() {
    return waiting != null || deliberation != null;
  }

  private void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      takeCommands();
    } finally {
      pumping = false;
    }
  }

  @Override
  public void onWritable() {
    resume();
  }

  /**
   * Whether commands wait until the client takes its answers: MySQL, too, executes none while it
   * cannot write. Else answers given by plugins would pile up.
   */
  private boolean clientIsFull() {
    return mode == Mode.COMMANDS && !plugins.isEmpty() && !session.client().writable();
  }

  private void takeCommands() {
    while (!blocked() && !input.isEmpty() && !clientIsFull()) {
      boolean progress =
          switch (mode) {
            case COMMANDS -> command();
            case LARGE -> largePiece();
            case FILE -> filePiece();
            case DIALOGUE -> dialoguePacket();
            case RAW -> {
              session.backend().write(input.takeAll());
              yield true;
            }
          };
      if (!progress) {
        return;
      }
    }
  }

  private boolean command() {
    int length = input.packetLength();
    if (length < 0) {
      return false;
    }
    if (length > session.context().settings().inspectLimit() || length == Frames.MAX_PAYLOAD) {
      return beginLarge(length);
    }
    if (preparing > 0 && isExecute()) {
      // The statement's number is only known when MySQL has answered.
      return false;
    }
    ByteBuf packet = input.takePacket();
    if (packet == null) {
      return false;
    }
    Command command = inspect(packet);
    if (command.shown || (command.needsDatabase && !state.databaseKnown())) {
      waitFor(command);
    } else {
      forward(command, Pending.relayed(command.type.answer(), end(command)));
    }
    return true;
  }

  private Command inspect(ByteBuf packet) {
    try {
      return inspector.inspect(packet);
    } catch (RuntimeException e) {
      packet.release();
      throw e;
    }
  }

  private boolean isExecute() {
    ByteBuf in = input.bytes();
    return in.readableBytes() > Frames.HEADER
        && CommandType.of(in.getUnsignedByte(in.readerIndex() + Frames.HEADER))
            == CommandType.STMT_EXECUTE;
  }

  private void waitFor(Command command) {
    waiting = command;
    if (answers.none()) {
      prepareToAsk(command);
    }
  }

  /** What the plugins are told must be true: asks MySQL for what is not known any more. */
  private void prepareToAsk(Command command) {
    if ((command.shown || command.streamed)
        && state.transaction() == TransactionState.UNKNOWN
        && !command.pinged) {
      command.pinged = true;
      injections.ping(this::resume);
    } else if (!state.databaseKnown() && !command.streamed && !command.askedDatabase) {
      command.askedDatabase = true;
      injections.database(this::resume);
    } else if (large != null) {
      waiting = null;
    } else if (!command.shown) {
      waiting = null;
      forward(command, Pending.relayed(command.type.answer(), end(command)));
    } else {
      ask(command);
    }
  }

  private void ask(Command command) {
    waiting = null;
    Deliberation exchange = new Deliberation(session, state, plugins, command, this);
    deliberation = exchange;
    boolean onlyReads =
        !command.streamed
            && !command.readsDiagnostics
            && !exchange.statements().isEmpty()
            && exchange.statements().stream().allMatch(a -> a.statement().kind() == Kind.SELECT);
    state.factsSource(
        () ->
            onlyReads && deliberation == exchange
                ? injections.facts()
                : CompletableFuture.failedFuture(
                    new IllegalStateException(
                        "session variables can only be asked for before a SELECT")));
    exchange.next();
  }

  @Override
  public void forward(Deliberation exchange, boolean learn) {
    deliberation = null;
    Command command = exchange.subject();
    Pending pending =
        new Pending(
            command.type.answer(),
            false,
            learn ? Capture.METADATA : Capture.NOTHING,
            tracker -> {
              end(command).accept(tracker);
              exchange.after(outcome(tracker, command, learn));
            });
    if (command.streamed) {
      finishLarge(command, exchange);
    } else {
      forward(command, pending);
    }
    resume();
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
    replay.answered(command.bytes);
    command.bytes.release();
    resume();
    return true;
  }

  @Override
  public void refuse(Deliberation exchange, Verdict.Refuse refuse) {
    deliberation = null;
    Command command = exchange.subject();
    int sequence =
        command.bytes.isReadable(Frames.HEADER) && !command.streamed
            ? command.bytes.getUnsignedByte(command.bytes.readerIndex() + 3)
            : 0;
    command.bytes.release();
    session
        .client()
        .write(
            new ErrPacket(refuse.code(), refuse.sqlState(), refuse.message())
                .encode(ByteBufAllocator.DEFAULT, (sequence + 1) & 0xFF));
    if (command.streamed) {
      // MySQL has most of the command already; only without its connection it will not execute it.
      session.close();
      return;
    }
    resume();
  }

  private void forward(Command command, Pending pending) {
    byte[] first = replay.before(command);
    if (first != null) {
      injections.replay(first);
    }
    command.onForward.run();
    expect(command, pending);
    session.backend().write(command.bytes);
  }

  private void expect(Command command, Pending pending) {
    if (command.type == CommandType.STMT_PREPARE) {
      preparing++;
    }
    answers.expect(pending);
    switch (command.type.answer()) {
      case AUTHENTICATION -> {
        mode = Mode.DIALOGUE;
        turns = 0;
      }
      case ENDLESS -> mode = Mode.RAW;
      case NONE, ONE, RESULTS, ROWS, FIELDS, PREPARE -> {}
    }
  }

  private java.util.function.Consumer<AnswerTracker> end(Command command) {
    return tracker -> {
      if (command.type == CommandType.STMT_PREPARE) {
        preparing--;
      }
      if (command.type.answer() == AnswerShape.AUTHENTICATION) {
        mode = Mode.COMMANDS;
      }
      command.onEnd.accept(tracker);
    };
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
        metadata);
  }

  private boolean beginLarge(int length) {
    ByteBuf in = input.bytes();
    if (in.readableBytes() < Frames.HEADER + Math.min(length, BEGINNING)) {
      return false;
    }
    if (!answers.none() && (preparing > 0 || !plugins.isEmpty())) {
      return false;
    }
    NameSearch.Streaming search = inspector.streaming();
    Command command =
        inspector.inspectLarge(
            in.slice(in.readerIndex(), Frames.HEADER + Math.min(length, BEGINNING)), search);
    large = new LargeCommand(command, search);
    mode = Mode.LARGE;
    if (state.transaction() == TransactionState.UNKNOWN && !plugins.isEmpty()) {
      waitFor(command);
    }
    return true;
  }

  private boolean largePiece() {
    LargeCommand current = java.util.Objects.requireNonNull(large);
    Command command = current.command();
    int length = current.walk(input.bytes());
    if (length == 0) {
      return false;
    }
    ByteBuf piece = input.take(length);
    if (!current.complete()) {
      session.backend().write(piece);
      return true;
    }
    mode = Mode.COMMANDS;
    large = null;
    command.bytes = piece;
    if (current.shown()) {
      ask(command);
    } else {
      finishLarge(command, null);
    }
    return true;
  }

  private void finishLarge(Command command, @Nullable Deliberation exchange) {
    command.onForward.run();
    expect(
        command,
        Pending.relayed(
            command.type.answer(),
            tracker -> {
              end(command).accept(tracker);
              if (exchange != null) {
                exchange.after(outcome(tracker, command, false));
              }
            }));
    session.backend().write(command.bytes);
  }

  private boolean filePiece() {
    ByteBuf in = input.bytes();
    int from = in.readerIndex();
    boolean ended = false;
    while (!ended && file.next(in)) {
      ended = file.length() == 0;
    }
    int length = in.readerIndex() - from;
    in.readerIndex(from);
    session.backend().write(input.take(length));
    if (ended) {
      mode = Mode.COMMANDS;
    }
    return true;
  }

  private boolean dialoguePacket() {
    if (turns == 0) {
      return false;
    }
    ByteBuf packet = input.takePacket();
    if (packet == null) {
      return false;
    }
    turns--;
    session.backend().write(packet);
    return true;
  }

  @Override
  public void clientSendsFile() {
    mode = Mode.FILE;
  }

  @Override
  public void clientSendsPacket() {
    turns++;
  }

  @Override
  public boolean wantsClient() {
    return !blocked() && (input.isEmpty() || !stalled());
  }

  /** Whether what the client sent already can only go on when MySQL has answered. */
  private boolean stalled() {
    return switch (mode) {
      case COMMANDS ->
          clientIsFull() || (preparing > 0 && isExecute()) || (!answers.none() && isLarge());
      case DIALOGUE -> turns == 0;
      case LARGE, FILE, RAW -> false;
    };
  }

  private boolean isLarge() {
    return input.packetLength() > session.context().settings().inspectLimit()
        && input.bytes().readableBytes() >= BEGINNING;
  }

  @Override
  public boolean idle() {
    return !blocked()
        && input.isEmpty()
        && mode == Mode.COMMANDS
        && answers.none()
        && state.transaction() != TransactionState.OPEN;
  }

  @Override
  public void end() {
    if (deliberation != null) {
      deliberation.cancel();
      deliberation.subject().bytes.release();
      deliberation = null;
    } else if (waiting != null) {
      waiting.bytes.release();
    }
    waiting = null;
    input.release();
    injections.end();
    for (Plugin plugin : plugins) {
      try {
        plugin.interceptor().closed();
      } catch (RuntimeException e) {
        session.context().metrics().pluginFailed(plugin.name(), "closed");
        LOGGER
            .atWarn()
            .addKeyValue("sessionId", state.id())
            .addKeyValue("plugin", plugin.name())
            .setCause(e)
            .log("a plugin failed");
      }
    }
  }
}
