package io.crossfade.server.fuzz;

import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.api.plugin.Outcome;
import io.crossfade.api.plugin.ResultMetadata;
import io.crossfade.api.plugin.Verdict;
import io.crossfade.server.protocol.Capabilities;
import io.crossfade.server.protocol.ErrPacket;
import io.crossfade.server.protocol.ServerStatus;
import io.crossfade.server.result.ResultWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A client and a MySQL that follow the protocol, cut into pieces, with plugins that say anything at
 * any time. Everything the relay does is foreseen: which commands MySQL gets, in which order, that
 * plugins were asked before, and every byte the client gets.
 */
public final class ConversationTarget implements ScriptedPlugin.Judge {
  private static final int MAX_COMMANDS = 40;
  private static final int ROUNDS = 20_000;

  private final Draw draw;
  private final long capabilities;
  private final boolean optionalMetadata;
  private final Script script;
  private final int plugins;
  private final Duplex duplex;

  private final Rules rules = new Rules();
  private final Deque<Ask> sent = new ArrayDeque<>();
  private final LeftBehind leftBehind = new LeftBehind(rules, sent);
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private final ByteArrayOutputStream expected = new ByteArrayOutputStream();
  private final ByteArrayOutputStream atServer = new ByteArrayOutputStream();
  private final List<Ask> answeredByMysql = new ArrayList<>();
  private int commands;
  private boolean loggedIn;

  /** The command MySQL is at, when it waits for the client's turn in it. */
  private @Nullable Ask inDialogue;

  private int stage;
  private int clientSpeaksAt = -1;
  private @Nullable ResultMetadata learned;
  private @Nullable Late late;
  private int lastStatus = 2;
  private boolean transactionOpen;
  private boolean mayEnd;

  /** A verdict that has not been given yet. */
  private record Late(Ask ask, Exchange exchange, Verdict verdict, CompletableFuture<Verdict> to) {}

  private ConversationTarget(byte[] input) {
    draw = new Draw(input);
    capabilities = Login.capabilities(draw);
    optionalMetadata = Capabilities.has(capabilities, Capabilities.OPTIONAL_RESULTSET_METADATA);
    plugins = draw.below(3);
    boolean attentive = plugins > 0 && draw.onceIn(3);
    boolean watching = plugins > 0 && !draw.onceIn(5);
    script = new Script(draw, capabilities, watching, attentive);
    List<InterceptorFactory<?>> factories = new ArrayList<>();
    for (int i = 0; i < plugins; i++) {
      factories.add(new ScriptedPlugin(i, attentive, this));
    }
    duplex = new Duplex(draw, factories, watching, received::writeBytes, this::atServer);
  }

  /** One case. */
  public static void fuzzerTestOneInput(byte[] input) {
    Direct.leavesNothing(
        () -> {
          ConversationTarget target = new ConversationTarget(input);
          try (Duplex duplex = target.duplex) {
            target.run();
          }
        });
  }

  private void run() {
    login();
    while (draw.more() && !duplex.over()) {
      step();
      compare();
    }
    if (draw.onceIn(2) || duplex.over()) {
      // Ends in the middle.
      compare();
      return;
    }
    settle();
    compare();
    if (duplex.over()) {
      return;
    }
    leftBehind.keepBack();
    rules.require(sent.isEmpty(), "commands are left: " + sent);
    rules.require(received.size() == expected.size(), "the client misses bytes");
    for (Ask ask : answeredByMysql) {
      rules.require(
          ask.heardOfItsEnd == (ask.asked ? plugins : 0),
          "the plugins heard " + ask.heardOfItsEnd + " times of the end of " + ask);
    }
    duplex.session.drain();
    rules.require(!duplex.over() || !transactionOpen, "drained inside a transaction");
  }

  private void login() {
    duplex.serverSide.add(Login.greeting());
    expected.writeBytes(Login.greeting());
    byte[] response = Login.response(capabilities);
    duplex.clientSide.add(response);
    while (!loggedIn) {
      boolean progress = duplex.give(false) | duplex.give(true);
      if (atServer.size() == response.length) {
        rules.require(Arrays.equals(atServer.toByteArray(), response), "the login is changed");
        atServer.reset();
        loggedIn = true;
      }
      rules.require(progress && !duplex.over(), "no login: " + duplex.reason());
    }
    duplex.serverSide.add(Login.ok());
    expected.writeBytes(Login.ok());
    duplex.loggedIn();
  }

  private void step() {
    clientReacts();
    switch (draw.below(16)) {
      case 0, 1, 2 -> speak();
      case 3, 4, 5, 6 -> duplex.give(true);
      case 7, 8, 9, 10 -> duplex.give(false);
      case 11 -> duplex.writable(true, !duplex.client.writable);
      case 12 -> duplex.writable(false, !duplex.backend.writable);
      case 13 -> decide();
      case 14 -> {
        late = null;
        duplex.timePasses();
      }
      default -> duplex.runPending();
    }
  }

  /** Lets everything that was begun come to its end. */
  private void settle() {
    for (int i = 0; i < ROUNDS && !duplex.over(); i++) {
      duplex.writable(true, true);
      duplex.writable(false, true);
      decide();
      clientReacts();
      boolean progress = duplex.give(true) | duplex.give(false);
      if (!progress && late == null && clientSpeaksAt < 0) {
        return;
      }
    }
  }

  private void speak() {
    int pipelined = 1 + draw.below(3);
    for (int i = 0; i < pipelined && commands < MAX_COMMANDS; i++) {
      if (!sent.isEmpty() && sent.getLast().lone || inDialogue != null) {
        return;
      }
      if (received.size() < expected.size() && !answeredByMysql.isEmpty()) {
        Ask last = answeredByMysql.get(answeredByMysql.size() - 1);
        if (last.lone) {
          return;
        }
      }
      commands++;
      Ask ask = script.next();
      sent.add(ask);
      duplex.clientSide.add(ask.packet);
    }
  }

  private void clientReacts() {
    if (clientSpeaksAt >= 0 && received.size() >= clientSpeaksAt) {
      Ask ask = Rules.there(inDialogue);
      clientSpeaksAt = -1;
      duplex.clientSide.add(ask.followUps.get(stage - 1));
    }
  }

  private void compare() {
    rules.check();
    byte[] got = received.toByteArray();
    byte[] wanted = expected.toByteArray();
    rules.require(got.length <= wanted.length, "the client gets too much");
    int same = Arrays.mismatch(got, 0, got.length, wanted, 0, got.length);
    rules.require(same < 0, "the client gets other bytes at " + same);
    rules.require(
        !duplex.over() || mayEnd || leftBehind.needsTypesInAStream(),
        "the session ended although both sides follow the protocol: " + duplex.reason());
  }

  // MySQL's side.

  private void atServer(byte[] bytes) {
    atServer.writeBytes(bytes);
    if (!loggedIn) {
      return;
    }
    while (true) {
      byte[] all = atServer.toByteArray();
      int taken = inDialogue != null ? turnOfClient(inDialogue, all) : commandAtServer(all);
      if (taken == 0) {
        return;
      }
      atServer.reset();
      atServer.write(all, taken, all.length - taken);
    }
  }

  private int turnOfClient(Ask ask, byte[] all) {
    byte[] turn = ask.followUps.get(stage - 1);
    int common = Math.min(all.length, turn.length);
    rules.require(
        Arrays.mismatch(all, 0, common, turn, 0, common) < 0, "a turn of the client is changed");
    if (all.length < turn.length) {
      return 0;
    }
    inDialogue = null;
    answer(ask);
    return turn.length;
  }

  private int commandAtServer(byte[] all) {
    if (all.length < 4) {
      return 0;
    }
    int length = 4 + ((all[0] & 0xFF) | (all[1] & 0xFF) << 8 | (all[2] & 0xFF) << 16);
    if (all.length < length) {
      return 0;
    }
    byte[] packet = Arrays.copyOf(all, length);
    if (leftBehind.isRelaysOwn(packet)) {
      relaysOwn(packet);
    } else if (isNext(packet)) {
      arrives(sent.remove(), packet);
    } else {
      Ask kept = leftBehind.keptBack(packet);
      if (kept != null) {
        arrives(kept, packet);
      } else {
        notNext(packet);
      }
    }
    return length;
  }

  private void notNext(byte[] packet) {
    leftBehind.keepBack();
    if (isNext(packet)) {
      arrives(sent.remove(), packet);
    } else {
      relaysOwn(packet);
    }
  }

  private boolean isNext(byte[] packet) {
    Ask ask = sent.peek();
    return ask != null && LeftBehind.isSame(ask, packet);
  }

  private void arrives(Ask ask, byte[] packet) {
    rules.require(ask.asked || !ask.mustBeShown, "a watched command was not shown: " + ask);
    rules.require(late == null || late.ask != ask, "a command is forwarded before its verdict");
    leftBehind.arrives(ask, packet);
    if (!ask.silent()) {
      stage = 0;
      answer(ask);
    }
  }

  private void answer(Ask ask) {
    List<byte[]> stages = ask.reply.stages();
    byte[] bytes = stages.get(stage++);
    duplex.serverSide.add(bytes);
    expected.writeBytes(bytes);
    if (stage < stages.size()) {
      inDialogue = ask;
      clientSpeaksAt = expected.size();
    } else {
      answeredByMysql.add(ask);
      ended(ask.reply);
    }
  }

  private void ended(Reply reply) {
    if (reply.error != 0) {
      transactionOpen = false;
    } else if (reply.status >= 0) {
      lastStatus = reply.status;
      transactionOpen = (reply.status & ServerStatus.IN_TRANS) != 0;
    }
  }

  private void relaysOwn(byte[] packet) {
    Reply reply = new Reply(draw, capabilities);
    if (leftBehind.discards(packet)) {
      duplex.serverSide.add(reply.ok().stages().get(0));
      ended(reply);
      return;
    }
    String text = new String(packet, 4, packet.length - 4, java.nio.charset.StandardCharsets.UTF_8);
    boolean refuses = draw.onceIn(6);
    if (text.equals("\u000E")) {
      // An error keeps the state unknown, which the relay must live with.
      reply = refuses ? reply.error() : reply.ok();
    } else if (text.contains("SELECT CAST(DATABASE()")) {
      reply =
          refuses
              ? reply.error()
              : reply.withStatus(lastStatus & ServerStatus.OF_SESSION).row("db");
    } else if (text.contains("SELECT CAST(@@")) {
      reply =
          refuses
              ? reply.error()
              : reply
                  .withStatus(lastStatus & ServerStatus.OF_SESSION)
                  .row("", "SYSTEM", "UTC", "utf8mb4", "utf8mb4", "1", "R", "u", "NONE", "1");
    } else if (text.contains("SELECT FOUND_ROWS() LIMIT 1") || text.contains("SET_VAR(sql_big")) {
      // Around a question ahead of a write.
      reply =
          refuses ? reply.error() : reply.withStatus(lastStatus & ServerStatus.OF_SESSION).row("3");
    } else {
      reply =
          reply
              .withStatus(lastStatus & ServerStatus.OF_SESSION)
              .results(leftBehind.repeated(packet).code == 0x17, false, false);
    }
    duplex.serverSide.add(reply.stages().get(0));
    ended(reply);
  }

  // The plugins' side.

  @Override
  public CompletionStage<Verdict> before(Exchange exchange) {
    leftBehind.keepBack();
    Ask ask = Rules.there(sent.peek());
    rules.require(exchange.command() == ask.code, "the plugins are asked about another command");
    rules.require(late == null, "two commands are asked about at a time");
    ask.asked = true;
    switch (draw.below(12)) {
      case 0 -> throw new IllegalArgumentException("a plugin's defect");
      case 1 -> {
        return CompletableFuture.failedFuture(new IllegalArgumentException("a plugin's defect"));
      }
      case 2 -> {
        return later(ask, exchange, verdict());
      }
      case 3 -> {
        return exchange.session().facts().handle((facts, error) -> Verdict.forward());
      }
      case 4, 5, 6 -> {
        Verdict verdict = verdict();
        takesEffect(ask, exchange, verdict);
        return CompletableFuture.completedFuture(verdict);
      }
      case 7, 8 -> {
        return CompletableFuture.completedFuture(Verdict.forwardAndLearn());
      }
      default -> {
        return CompletableFuture.completedFuture(Verdict.forward());
      }
    }
  }

  private CompletionStage<Verdict> later(Ask ask, Exchange exchange, Verdict verdict) {
    Late now = new Late(ask, exchange, verdict, new CompletableFuture<>());
    late = now;
    return now.to();
  }

  private void decide() {
    Late now = late;
    if (now == null) {
      return;
    }
    late = null;
    if (!duplex.over()) {
      takesEffect(now.ask(), now.exchange(), now.verdict());
    }
    now.to().complete(now.verdict());
    duplex.runPending();
  }

  private Verdict verdict() {
    ResultMetadata metadata = learned;
    return switch (draw.below(4)) {
      case 0 -> Verdict.forwardAndLearn();
      case 1 -> Verdict.refuse(1290, "HY000", "refused");
      default ->
          metadata == null
              ? Verdict.forward()
              : Verdict.answer(metadata, List.of(ScriptedPlugin.nulls(metadata.columns().size())));
    };
  }

  private void takesEffect(Ask ask, Exchange exchange, Verdict verdict) {
    if (verdict instanceof Verdict.Refuse refuse) {
      sent.remove();
      leftBehind.refused(ask);
      if (ask.streamed()) {
        mayEnd = true;
      }
      write(
          new ErrPacket(refuse.code(), refuse.sqlState(), refuse.message())
              .encode(UnpooledByteBufAllocator.DEFAULT, 1));
    } else if (verdict instanceof Verdict.Answer answer
        && exchange.answerable()
        && !optionalMetadata
        && answer.metadata().protocol() == exchange.protocol()) {
      sent.remove();
      leftBehind.answered(ask);
      write(
          new ResultWriter(answer.metadata(), lastStatus)
              .write(UnpooledByteBufAllocator.DEFAULT, answer.rows()));
    }
  }

  private void write(ByteBuf out) {
    expected.writeBytes(ByteBufUtil.getBytes(out));
    out.release();
  }

  @Override
  public void after(Exchange exchange, Outcome outcome) {
    Ask ask =
        answeredByMysql.stream()
            .filter(a -> a.asked && a.heardOfItsEnd < plugins)
            .findFirst()
            .orElseThrow(() -> new AssertionError("an end nobody asked about"));
    ask.heardOfItsEnd++;
    rules.require(outcome.error() == ask.reply.error, "the outcome is of another command");
    ResultMetadata metadata = outcome.metadata();
    if (metadata != null) {
      rules.require(sameColumns(metadata.columns(), ask.reply.columns), "learned other columns");
      learned = metadata;
    }
  }

  private static boolean sameColumns(List<byte[]> left, List<byte[]> right) {
    return Unpooled.wrappedBuffer(left.toArray(byte[][]::new))
        .equals(Unpooled.wrappedBuffer(right.toArray(byte[][]::new)));
  }
}
