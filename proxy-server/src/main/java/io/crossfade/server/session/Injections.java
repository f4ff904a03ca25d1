package io.crossfade.server.session;

import io.crossfade.api.mapping.Row;
import io.crossfade.api.plugin.Reply;
import io.crossfade.api.plugin.SessionFacts;
import io.crossfade.server.frame.Frames;
import io.crossfade.server.protocol.AnswerShape;
import io.crossfade.server.protocol.AnswerTracker;
import io.crossfade.server.protocol.AnswerTracker.Capture;
import io.crossfade.server.protocol.Capabilities;
import io.crossfade.server.protocol.CommandType;
import io.crossfade.server.protocol.ErrPacket;
import io.crossfade.server.protocol.Lenenc;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The relay's own commands on a session's MySQL connection; the client sees nothing of them.
 * Event-loop confined.
 */
final class Injections {
  /** The columns of {@link #factsQuery}. */
  private static final int FACTS = 10;

  private static final byte[] PING = {(byte) CommandType.PING.code()};

  private final BackendPort backend;
  private final Answers answers;
  private final SessionState state;
  private final RelayMetrics metrics;
  private @Nullable CompletableFuture<SessionFacts> asking;

  Injections(BackendPort backend, Answers answers, SessionState state, RelayMetrics metrics) {
    this.backend = backend;
    this.answers = answers;
    this.state = state;
    this.metrics = metrics;
  }

  /**
   * Asks for the status flags: an OK always carries them. {@code then} runs when they are known.
   */
  void ping(Runnable then) {
    metrics.injected("ping");
    send(PING, AnswerShape.ONE, Capture.NOTHING, tracker -> answers.defer(then));
  }

  /** Asks for the current database. {@code then} runs when it is known. */
  void database(Runnable then) {
    metrics.injected("database");
    send(
        query("SELECT CAST(DATABASE() AS BINARY) LIMIT 1"),
        AnswerShape.RESULTS,
        Capture.ROWS,
        tracker -> {
          List<String> row = tracker.rows().size() == 1 ? fields(tracker.rows().get(0)) : List.of();
          if (row.size() == 1) {
            state.database(row.get(0));
          }
          answers.defer(then);
        });
  }

  /** Asks what FOUND_ROWS() would be; -1 when MySQL refuses. */
  void foundRows(LongConsumer then) {
    metrics.injected("found-rows");
    send(
        query("SELECT FOUND_ROWS() LIMIT 1"),
        AnswerShape.RESULTS,
        Capture.ROWS,
        tracker -> then.accept(number(tracker)));
  }

  private static long number(AnswerTracker tracker) {
    List<String> row = tracker.rows().size() == 1 ? fields(tracker.rows().get(0)) : List.of();
    return tracker.end().error() == 0 && row.size() == 1 && row.get(0).matches("[0-9]{1,18}")
        ? Long.parseLong(row.get(0))
        : -1;
  }

  /** Makes FOUND_ROWS() what it was before the relay's own questions. */
  void restoreFoundRows(long rows) {
    if (rows < 0) {
      metrics.foundRowsLost();
      return;
    }
    metrics.injected("found-rows-restore");
    send(
        query(FoundRows.yielding(rows)),
        AnswerShape.RESULTS,
        Capture.NOTHING,
        tracker -> {
          if (tracker.end().error() != 0) {
            metrics.foundRowsLost();
          }
        });
  }

  /** The packet that does what {@link #restoreFoundRows} does. */
  byte[] foundRowsPacket(long rows) {
    return packet(query(FoundRows.yielding(rows)));
  }

  private static byte[] packet(byte[] payload) {
    ByteBuf out = Unpooled.buffer(Frames.HEADER + payload.length);
    Frames.write(out, 0, payload);
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }

  /** Asks a plugin's question. {@code then} runs when the reply is whole. */
  void question(byte[] sql, Consumer<Reply> then) {
    metrics.injected("question");
    send(
        query(sql),
        AnswerShape.RESULTS,
        Capture.ROWS,
        tracker -> {
          Reply reply = reply(tracker);
          answers.defer(() -> then.accept(reply));
        });
  }

  private static Reply reply(AnswerTracker tracker) {
    ErrPacket error = tracker.error();
    if (error != null) {
      return new Reply(error.code(), error.sqlState(), error.message(), List.of());
    }
    return Reply.of(tracker.rows().stream().map(Injections::row).toList());
  }

  private static Row row(byte[] packet) {
    ByteBuf in = Unpooled.wrappedBuffer(packet);
    List<byte @Nullable []> values = new ArrayList<>();
    while (in.isReadable()) {
      if (in.getUnsignedByte(in.readerIndex()) == 0xFB) {
        in.skipBytes(1);
        values.add(null);
      } else {
        values.add(Lenenc.readBytes(in));
      }
    }
    return new Row(values.toArray(new byte[0][]));
  }

  /** Asks for the session variables, once at a time. The stage fails when MySQL refuses. */
  CompletionStage<SessionFacts> facts() {
    if (asking != null) {
      return asking;
    }
    metrics.injected("facts");
    CompletableFuture<SessionFacts> future = new CompletableFuture<>();
    asking = future;
    send(
        query(factsQuery(state.server().serverVersion())),
        AnswerShape.RESULTS,
        Capture.ROWS,
        tracker -> answers.defer(() -> factsArrived(tracker, future)));
    return future;
  }

  private void factsArrived(AnswerTracker tracker, CompletableFuture<SessionFacts> future) {
    asking = null;
    List<String> f =
        tracker.end().error() == 0 && tracker.rows().size() == 1
            ? fields(tracker.rows().get(0))
            : List.of();
    if (f.size() != FACTS) {
      future.completeExceptionally(
          new IllegalStateException("MySQL did not tell the session variables"));
      return;
    }
    String zone = f.get(1).equals("SYSTEM") ? f.get(2) : f.get(1);
    SessionFacts facts =
        new SessionFacts(
            f.get(0), zone, f.get(3), f.get(4), f.get(5), f.get(6), f.get(7), f.get(8), f.get(9));
    state.facts(facts);
    future.complete(facts);
  }

  /** Values are cast to binary so that character_set_results does not change them. */
  static String factsQuery(String serverVersion) {
    boolean mariaDb = serverVersion.contains("MariaDB");
    boolean old = serverVersion.startsWith("5.");
    String isolation = mariaDb || old ? "@@tx_isolation" : "@@transaction_isolation";
    String role = old && !mariaDb ? "''" : "CURRENT_ROLE()";
    StringBuilder sql = new StringBuilder("SELECT ");
    for (String value :
        List.of(
            "@@sql_mode",
            "@@time_zone",
            "@@system_time_zone",
            "@@character_set_results",
            "@@character_set_client",
            "@@sql_select_limit",
            isolation,
            "CURRENT_USER()")) {
      sql.append("CAST(").append(value).append(" AS BINARY), ");
    }
    // Without LIMIT a sql_select_limit of 0 would leave no row.
    return sql.append("CAST(")
        .append(role)
        .append(" AS BINARY), CAST(@@auto_increment_increment AS BINARY) LIMIT 1")
        .toString();
  }

  /** Makes MySQL forget the values that were sent ahead for a statement. */
  void reset(long statement) {
    metrics.injected("reset");
    ByteBuf payload = Unpooled.buffer(5).writeByte(CommandType.STMT_RESET.code());
    payload.writeIntLE((int) statement);
    send(payload.array(), AnswerShape.ONE, Capture.NOTHING, tracker -> {});
  }

  /** Sends a copy of {@code packet} once more; its answer is not looked at. */
  void replay(byte[] packet) {
    metrics.injected("replay");
    backend.write(Unpooled.wrappedBuffer(packet));
    answers.expect(new Pending(AnswerShape.RESULTS, true, Capture.NOTHING, tracker -> {}));
  }

  /** Sends a command of the client's that was kept back; MySQL does not answer it. */
  void late(byte[] packet) {
    backend.write(Unpooled.wrappedBuffer(packet));
  }

  /** Fails what was asked; the session is over. */
  void end() {
    if (asking != null) {
      asking.completeExceptionally(new IllegalStateException("the session is over"));
    }
  }

  private byte[] query(String sql) {
    return query(sql.getBytes(StandardCharsets.US_ASCII));
  }

  private byte[] query(byte[] text) {
    ByteBuf payload = Unpooled.buffer(text.length + 3);
    payload.writeByte(CommandType.QUERY.code());
    if (Capabilities.has(state.capabilities(), Capabilities.QUERY_ATTRIBUTES)) {
      Lenenc.writeInt(payload, 0);
      Lenenc.writeInt(payload, 1);
    }
    payload.writeBytes(text);
    byte[] bytes = new byte[payload.readableBytes()];
    payload.readBytes(bytes);
    return bytes;
  }

  private void send(
      byte[] payload, AnswerShape shape, Capture capture, Consumer<AnswerTracker> onEnd) {
    ByteBuf out = ByteBufAllocator.DEFAULT.buffer(Frames.HEADER + payload.length);
    Frames.write(out, 0, payload);
    backend.write(out);
    backend.flush();
    answers.expect(new Pending(shape, true, capture, onEnd));
  }

  /** The fields of a text row, NULL as the empty text. */
  private static List<String> fields(byte[] row) {
    ByteBuf in = Unpooled.wrappedBuffer(row);
    List<String> fields = new ArrayList<>();
    while (in.isReadable()) {
      if (in.getUnsignedByte(in.readerIndex()) == 0xFB) {
        in.skipBytes(1);
        fields.add("");
      } else {
        fields.add(new String(Lenenc.readBytes(in), StandardCharsets.UTF_8));
      }
    }
    return fields;
  }
}
