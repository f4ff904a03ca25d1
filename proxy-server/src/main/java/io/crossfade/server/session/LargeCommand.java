package io.crossfade.server.session;

import io.crossfade.server.frame.Frames;
import io.netty.buffer.ByteBuf;

/**
 * A command too large to be held: it is searched as it passes, and only its last piece, without
 * which MySQL cannot execute it, waits for the verdict. Event-loop confined.
 */
final class LargeCommand {
  private final Command command;
  private final NameSearch.Streaming search;
  private final NameSearch.Streaming anything = Inspector.streamingAnything();
  private int remaining;
  private boolean continues = true;

  LargeCommand(Command command, NameSearch.Streaming search) {
    this.command = command;
    this.search = search;
  }

  Command command() {
    return command;
  }

  /**
   * Walks over what has arrived.
   *
   * @return how many bytes belong to the command and may be taken
   */
  int walk(ByteBuf in) {
    int at = in.readerIndex();
    int end = in.writerIndex();
    while (at < end) {
      if (remaining == 0) {
        if (!continues || end - at < Frames.HEADER) {
          break;
        }
        remaining = in.getUnsignedMediumLE(at);
        continues = remaining == Frames.MAX_PAYLOAD;
        command.streamedSequence = in.getUnsignedByte(at + 3);
        at += Frames.HEADER;
      }
      int part = Math.min(remaining, end - at);
      search.feed(in, at, part);
      if (command.multiple) {
        anything.feed(in, at, part);
      }
      remaining -= part;
      at += part;
    }
    return at - in.readerIndex();
  }

  /** Whether all of the command was walked over. */
  boolean complete() {
    return remaining == 0 && !continues;
  }

  /** Whether the plugins must see it. */
  boolean shown() {
    return command.shown || (searched() && (search.found() || anything.found()));
  }

  private boolean searched() {
    return command.type == io.crossfade.server.protocol.CommandType.QUERY;
  }
}
