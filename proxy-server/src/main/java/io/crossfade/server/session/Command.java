package io.crossfade.server.session;

import io.crossfade.api.plugin.Exchange.Protocol;
import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.api.sql.Statement.Kind;
import io.crossfade.server.frame.Frames;
import io.crossfade.server.protocol.AnswerTracker;
import io.crossfade.server.protocol.CommandType;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One command of the client and what the relay has to do about it. Event-loop confined. */
final class Command {
  /** It is about no prepared statement. */
  static final long NO_STATEMENT = -1;

  private static final Consumer<AnswerTracker> NOTHING = tracker -> {};

  final CommandType type;
  final int code;

  /** The command's bytes; of a streamed one the last piece, empty until it is there. */
  ByteBuf bytes;

  /** The number of the prepared statement it is about. */
  long statement = NO_STATEMENT;

  /** Whether the plugins see it before it goes to MySQL. */
  boolean shown;

  /** Whether it is only understood with the current database. */
  boolean needsDatabase;

  /** Whether MySQL was asked for the current database on its behalf. */
  boolean askedDatabase;

  /** Whether its bytes are passed on as they arrive, so that only MySQL can answer. */
  boolean streamed;

  /** Whether a plugin may answer it. */
  boolean answerable;

  /** Whether its answer depends on what the statement before left behind. */
  boolean readsDiagnostics;

  /** Whether the text holds, or a streamed one may hold, several statements. */
  boolean multiple;

  /** The sequence id of the last packet of a streamed command that was seen. */
  int streamedSequence;

  /** Whether MySQL was asked for the transaction's state on its behalf. */
  boolean pinged;

  Protocol protocol = Protocol.TEXT;
  Kind kind = Kind.OTHER;
  Supplier<List<Analyzed>> statements = List::of;

  /** Called when the command goes to MySQL. */
  Runnable onForward = () -> {};

  /** Called when a plugin answered it. */
  Runnable onAnswered = () -> {};

  /** Called when a plugin refused it: MySQL may have to be told what it would have changed. */
  Consumer<Injections> onRefused = injections -> {};

  /** Called when MySQL's answer is complete. */
  Consumer<AnswerTracker> onEnd = NOTHING;

  Command(CommandType type, int code, ByteBuf bytes) {
    this.type = type;
    this.code = code;
    this.bytes = bytes;
  }

  /** The sequence id of the packet that answers it first. */
  int answerSequence() {
    int last =
        streamed || !bytes.isReadable(Frames.HEADER)
            ? streamedSequence
            : bytes.getUnsignedByte(bytes.readerIndex() + 3);
    return (last + 1) & 0xFF;
  }
}
