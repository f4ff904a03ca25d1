package io.crossfade.server.session;

import io.crossfade.api.plugin.SessionView.TransactionState;
import io.crossfade.server.frame.Frames;
import io.crossfade.server.frame.PacketScanner;
import io.crossfade.server.protocol.AnswerShape;
import io.crossfade.server.protocol.AnswerTracker;
import io.crossfade.server.protocol.CommandType;
import io.crossfade.server.protocol.ErrPacket;
import io.crossfade.server.protocol.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * "Command Phase" of the manual. Commands go to MySQL in the order they came; one that the plugins
 * must see waits until MySQL owes nothing, and everything behind it waits for their verdict.
 */
final class CommandPhase implements Phase, Answers.Dialogue, Asking.Owner {
  private static final Logger LOGGER = LoggerFactory.getLogger(CommandPhase.class);

  /** Enough of a large command to recognise it. */
  private static final int BEGINNING = 512;

  /** The first byte of "semi-synchronous replication"'s acknowledgements. */
  private static final int SEMI_SYNC_ACK = 0xEF;

  /** More than any authentication sends at once, tickets included. */
  private static final int LONGEST_TURN = 1 << 16;

  private final Session session;
  private final SessionState state;
  private final List<Plugin> plugins;
  private final Glance glance;
  private final Inspector inspector;
  private final Answers answers;
  private final Injections injections;
  private final Asking asking;
  private final Replay replay = new Replay();
  private final Input input = new Input();
  private final PacketScanner file = new PacketScanner();
  private Mode mode = Mode.COMMANDS;
  private int preparing;
  private int turns;

  /** The sequence id with which the answer to the last command that was sent begins. */
  private int answerSequence = 1;

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
    /** How far the reader of a binlog dump is. */
    STREAM
  }

  CommandPhase(Session session, SessionState state, List<Plugin> plugins) {
    this.session = session;
    this.state = state;
    this.plugins = plugins;
    PreparedStatements prepared = new PreparedStatements(session.context(), state);
    glance = new Glance(session.context(), state, plugins, prepared);
    inspector = new Inspector(session.context(), state, plugins, prepared);
    answers = new Answers(session.client(), state, this);
    injections = new Injections(session.backend(), answers, state, session.context().metrics());
    asking = new Asking(session, state, plugins, answers, injections, replay, this);
    file.keep(0);
  }

  @Override
  public void onClient(ByteBuf in) {
    input.add(in);
    pump();
  }

  @Override
  public void onServer(ByteBuf in) {
    answers.onServer(in);
    resume();
  }

  /** Goes on with what waited for MySQL, then with what the client sent meanwhile. */
  @Override
  public void resume() {
    if (resuming) {
      return;
    }
    resuming = true;
    try {
      asking.goOn();
      pump();
    } finally {
      resuming = false;
    }
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
    while (!asking.busy() && !input.isEmpty() && !clientIsFull()) {
      boolean progress =
          switch (mode) {
            case COMMANDS -> command();
            case LARGE -> largePiece();
            case FILE -> filePiece();
            case DIALOGUE -> dialoguePacket();
            case STREAM -> acknowledgement();
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
    if (preparing > 0 && isOfStatement()) {
      // The statement's number is only known when MySQL has answered.
      return false;
    }
    if (!input.holds(length)) {
      return false;
    }
    int at = input.bytes().readerIndex() + Frames.HEADER;
    if (replay.none() && glance.passes(input.bytes(), at, at + length)) {
      answerSequence = 1;
      answers.expect(Pending.RESULTS);
      session.backend().write(input.take(Frames.HEADER + length));
      return true;
    }
    Command command = inspect(input.take(Frames.HEADER + length));
    if (command.shown || (command.needsDatabase && !state.databaseKnown())) {
      asking.take(command);
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

  /** Whether what it means depends on what is known of its statement. */
  private boolean isOfStatement() {
    ByteBuf in = input.bytes();
    if (!in.isReadable(Frames.HEADER + 1)) {
      return false;
    }
    CommandType type = CommandType.of(in.getUnsignedByte(in.readerIndex() + Frames.HEADER));
    return type == CommandType.STMT_EXECUTE || type == CommandType.STMT_SEND_LONG_DATA;
  }

  @Override
  public void forward(Command command, Pending pending) {
    if (replay.keepsBack(command)) {
      command.onForward.run();
      command.bytes.release();
      return;
    }
    makeWay(command);
    command.onForward.run();
    expect(command, pending);
    session.backend().write(command.bytes);
  }

  /** What MySQL has to do before the command. */
  private void makeWay(Command command) {
    byte[] first = replay.before(command);
    if (first != null) {
      injections.replay(first);
    }
    byte[] due = replay.released();
    if (due != null) {
      injections.late(due);
    }
  }

  private void expect(Command command, Pending pending) {
    if (command.type == CommandType.STMT_PREPARE) {
      preparing++;
    }
    answerSequence = command.answerSequence();
    answers.expect(pending);
    switch (command.type.answer()) {
      case AUTHENTICATION -> {
        mode = Mode.DIALOGUE;
        turns = 0;
      }
      case ENDLESS -> mode = Mode.STREAM;
      case NONE, ONE, RESULTS, ROWS, FIELDS, PREPARE -> {}
    }
  }

  @Override
  public Consumer<AnswerTracker> end(Command command) {
    return tracker -> {
      if (command.type == CommandType.STMT_PREPARE) {
        preparing--;
      }
      if (command.type.answer() == AnswerShape.AUTHENTICATION
          || command.type.answer() == AnswerShape.ENDLESS) {
        mode = Mode.COMMANDS;
      }
      command.onEnd.accept(tracker);
    };
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
    makeWay(command);
    large = new LargeCommand(command, search);
    mode = Mode.LARGE;
    if (state.transaction() == TransactionState.UNKNOWN && !plugins.isEmpty()) {
      asking.take(command);
    }
    return true;
  }

  private boolean largePiece() {
    LargeCommand current = Objects.requireNonNull(large);
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
      asking.ask(command);
    } else {
      finishLarge(command, end(command));
    }
    return true;
  }

  @Override
  public void finishLarge(Command command, Consumer<AnswerTracker> onEnd) {
    command.onForward.run();
    expect(command, Pending.relayed(command.type.answer(), onEnd));
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
    if (input.packetLength() > LONGEST_TURN) {
      throw new MalformedPacketException("a packet of an authentication is too long");
    }
    ByteBuf packet = input.takePacket();
    if (packet == null) {
      return false;
    }
    turns--;
    session.backend().write(packet);
    return true;
  }

  /**
   * While a binlog is dumped its reader says how far it is. Anything else is a command, which MySQL
   * takes when the dump is over: it waits for that, to be looked at as any other.
   */
  private boolean acknowledgement() {
    if (!isAcknowledgement()) {
      return false;
    }
    ByteBuf packet = input.takePacket();
    if (packet == null) {
      return false;
    }
    session.backend().write(packet);
    return true;
  }

  private boolean isAcknowledgement() {
    ByteBuf in = input.bytes();
    return in.readableBytes() > Frames.HEADER
        && in.getUnsignedByte(in.readerIndex() + Frames.HEADER) == SEMI_SYNC_ACK;
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
    return !asking.busy() && (input.isEmpty() || !stalled());
  }

  /** Whether what the client sent already can only go on when MySQL has answered. */
  private boolean stalled() {
    return switch (mode) {
      case COMMANDS ->
          clientIsFull() || (preparing > 0 && isOfStatement()) || (!answers.none() && isLarge());
      case DIALOGUE -> turns == 0;
      case STREAM -> input.packetLength() >= 0 && !isAcknowledgement();
      case LARGE, FILE -> false;
    };
  }

  private boolean isLarge() {
    return input.packetLength() > session.context().settings().inspectLimit()
        && input.bytes().readableBytes() >= BEGINNING;
  }

  @Override
  public boolean idle() {
    return !asking.busy()
        && input.isEmpty()
        && mode == Mode.COMMANDS
        && answers.none()
        && state.transaction() != TransactionState.OPEN;
  }

  @Override
  public boolean busy() {
    return asking.busy() || (!input.isEmpty() && stalled());
  }

  @Override
  public boolean owed() {
    return answers.owed();
  }

  @Override
  public void fail(ErrPacket error) {
    Command held = asking.held();
    boolean waits = held != null && held.type.answer() != AnswerShape.NONE;
    if (!waits && !answers.owed()) {
      return;
    }
    int sequence = sequenceOfError(held);
    session.context().metrics().answerLost(sequence >= 0);
    if (sequence >= 0) {
      session.client().write(error.encode(ByteBufAllocator.DEFAULT, sequence));
    }
  }

  /** -1 where an error packet would not be taken for one. */
  private int sequenceOfError(@Nullable Command held) {
    if (mode != Mode.COMMANDS) {
      return -1;
    }
    return held == null || answers.owed()
        ? answers.nextSequence(answerSequence)
        : held.answerSequence();
  }

  @Override
  public void end() {
    asking.end();
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
