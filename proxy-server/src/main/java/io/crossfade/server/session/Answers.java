package io.crossfade.server.session;

import io.crossfade.server.frame.PacketScanner;
import io.crossfade.server.protocol.AnswerShape;
import io.crossfade.server.protocol.AnswerTracker;
import io.crossfade.server.protocol.AnswerTracker.Step;
import io.crossfade.server.protocol.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * MySQL's answers, in the order of the commands: passes them to the client in whole buffers, keeps
 * the relay's own from it, and says when each ends. Event-loop confined.
 */
final class Answers {
  private final ClientPort client;
  private final SessionState state;
  private final Dialogue dialogue;
  private final AnswerTracker tracker;
  private final PacketScanner scanner = new PacketScanner();
  private final Deque<Pending> queue = new ArrayDeque<>();
  private List<Runnable> deferred = new ArrayList<>();

  /** Whether a packet of the answer that comes was seen. */
  private boolean begun;

  /** What an answer asks of the client. */
  interface Dialogue {
    /** The client's next packets are a file's content. */
    void clientSendsFile();

    /** The client's next packet belongs to the answer. */
    void clientSendsPacket();
  }

  Answers(ClientPort client, SessionState state, Dialogue dialogue) {
    this.client = client;
    this.state = state;
    this.dialogue = dialogue;
    tracker = new AnswerTracker(state.capabilities());
    scanner.keep(0);
  }

  /** Expects an answer after those already expected. */
  void expect(Pending pending) {
    if (pending.shape() == AnswerShape.NONE) {
      return;
    }
    queue.add(pending);
    if (queue.size() == 1) {
      begin(pending);
    }
  }

  /** Whether MySQL owes nothing. */
  boolean none() {
    return queue.isEmpty();
  }

  /** Whether MySQL owes only one answer. */
  boolean onlyOne() {
    return queue.size() == 1;
  }

  /** Whether the client waits for an answer of MySQL's. */
  boolean owed() {
    for (Pending pending : queue) {
      if (!pending.swallowed()) {
        return true;
      }
    }
    return false;
  }

  /**
   * The sequence id of a packet that can take the place of MySQL's next one to the client; -1 when
   * the client stands in the middle of a packet.
   *
   * @param first the id with which an answer begins
   */
  int nextSequence(int first) {
    if (swallowing()) {
      return first;
    }
    if (!scanner.atBoundary()) {
      return -1;
    }
    return begun ? (scanner.sequence() + 1) & 0xFF : first;
  }

  /** Runs {@code task} when the bytes that are being looked at were passed on. */
  void defer(Runnable task) {
    deferred.add(task);
  }

  private void begin(Pending pending) {
    begun = false;
    tracker.begin(pending.shape(), pending.capture());
    scanner.keep(tracker.keep());
  }

  private boolean swallowing() {
    Pending head = queue.peek();
    return head != null && head.swallowed();
  }

  /** Takes over the reference of {@code in}. */
  void onServer(ByteBuf in) {
    int start = in.readerIndex();
    int cut = start;
    boolean swallow = swallowing();
    boolean given = false;
    try {
      while (next(in)) {
        Pending head = queue.peek();
        if (head != null && packet(head) && swallow != swallowing()) {
          pass(in, cut, in.readerIndex(), swallow);
          cut = in.readerIndex();
          swallow = !swallow;
        }
      }
      if (cut == start && !swallow) {
        given = true;
        client.write(in.readerIndex(start));
      } else {
        pass(in, cut, in.writerIndex(), swallow);
      }
    } finally {
      if (!given) {
        in.release();
      }
    }
    runDeferred();
  }

  private boolean next(ByteBuf in) {
    if (tracker.inRows() && !queue.isEmpty()) {
      scanner.skipRows(in);
    }
    return scanner.next(in);
  }

  private void pass(ByteBuf in, int from, int to, boolean swallow) {
    if (!swallow && to > from) {
      client.write(in.retainedSlice(from, to - from));
    }
  }

  private void runDeferred() {
    while (!deferred.isEmpty()) {
      List<Runnable> now = deferred;
      deferred = new ArrayList<>();
      now.forEach(Runnable::run);
    }
  }

  /** Returns whether an answer ended. */
  private boolean packet(Pending head) {
    Step step = tracker.packet(scanner);
    begun = true;
    scanner.keep(tracker.keep());
    switch (step) {
      case MORE -> {
        return false;
      }
      case CLIENT_SENDS_FILE -> {
        if (!onlyOne()) {
          throw new MalformedPacketException("a command was sent ahead of a requested file");
        }
        dialogue.clientSendsFile();
        return false;
      }
      case CLIENT_SENDS_PACKET -> {
        dialogue.clientSendsPacket();
        return false;
      }
      case DONE -> {
        state.apply(tracker.end());
        head.onEnd().accept(tracker);
        queue.remove();
        Pending next = queue.peek();
        if (next != null) {
          begin(next);
        }
        return true;
      }
    }
    throw new AssertionError(step);
  }
}
