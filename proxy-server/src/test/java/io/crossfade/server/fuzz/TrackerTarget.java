package io.crossfade.server.fuzz;

import io.crossfade.server.frame.PacketScanner;
import io.crossfade.server.protocol.AnswerShape;
import io.crossfade.server.protocol.AnswerTracker;
import io.crossfade.server.protocol.AnswerTracker.Capture;
import io.crossfade.server.protocol.AnswerTracker.Step;
import io.crossfade.server.protocol.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;

/**
 * Answers made by the grammar, one after the other in one stream of pieces: the tracker must see
 * each end at its last packet and must have understood the same. Then anything at all.
 */
public final class TrackerTarget {
  private final Draw draw;
  private final AnswerTracker tracker;
  private final PacketScanner scanner = new PacketScanner();
  private final long capabilities;

  private TrackerTarget(byte[] input) {
    draw = new Draw(input);
    capabilities = Login.capabilities(draw);
    tracker = new AnswerTracker(capabilities);
  }

  /** One case. */
  public static void fuzzerTestOneInput(byte[] input) {
    TrackerTarget target = new TrackerTarget(input);
    int answers = 1 + target.draw.below(6);
    for (int i = 0; i < answers; i++) {
      target.answer();
    }
    target.anything();
  }

  private void answer() {
    Reply reply = new Reply(draw, capabilities);
    Capture capture = draw.of(Capture.values());
    AnswerShape shape = shape(reply);
    tracker.begin(shape, capture);
    scanner.keep(tracker.keep());
    byte[] all = joined(reply.stages());
    int turns = reply.stages().size() - 1;
    int packets = 0;
    boolean done = false;
    for (int at = 0; at < all.length; ) {
      int size = draw.more() ? 1 + draw.below(draw.onceIn(3) ? 600 : 12) : all.length;
      int end = Math.min(all.length, at + size);
      ByteBuf in = Unpooled.wrappedBuffer(Arrays.copyOfRange(all, at, end));
      at = end;
      while (next(in)) {
        require(!done, "the answer had ended");
        Step step = tracker.packet(scanner);
        scanner.keep(tracker.keep());
        packets++;
        if (step == Step.CLIENT_SENDS_FILE || step == Step.CLIENT_SENDS_PACKET) {
          turns--;
        }
        done = step == Step.DONE;
        require(!done || at == all.length && !in.isReadable(), "ended too early, at " + packets);
      }
    }
    require(done, "the end was not seen");
    require(turns == 0, "the client's turns were not seen");
    require(tracker.end().error() == reply.error, "another error");
    require(tracker.end().status() == reply.status, "another status");
    if (shape == AnswerShape.PREPARE && reply.error == 0) {
      require(tracker.statementId() == reply.statementId, "another statement");
      require(tracker.parameters() == reply.parameters, "other parameters");
    }
    require(tracker.resultSets() == reply.resultSets, "other result sets");
    if (capture == Capture.METADATA && shape == AnswerShape.RESULTS) {
      same(tracker.columns(), reply.columns);
    } else if (capture == Capture.ROWS) {
      same(tracker.rows(), reply.rows);
    }
  }

  private boolean next(ByteBuf in) {
    if (tracker.inRows()) {
      scanner.skipRows(in);
    }
    return scanner.next(in);
  }

  private AnswerShape shape(Reply reply) {
    switch (draw.below(8)) {
      case 0 -> {
        if (draw.onceIn(2)) {
          reply.error();
        } else {
          reply.ok();
        }
        return AnswerShape.ONE;
      }
      case 1 -> {
        reply.prepared(draw.next());
        return AnswerShape.PREPARE;
      }
      case 2 -> {
        reply.fieldList();
        return AnswerShape.FIELDS;
      }
      case 3 -> {
        reply.authentication();
        return AnswerShape.AUTHENTICATION;
      }
      case 4 -> {
        reply.fetched();
        return AnswerShape.ROWS;
      }
      default -> {
        reply.results(draw.onceIn(2), draw.onceIn(2), draw.onceIn(3));
        return AnswerShape.RESULTS;
      }
    }
  }

  private void anything() {
    AnswerShape shape = draw.of(AnswerShape.values());
    tracker.begin(shape, draw.of(Capture.values()));
    scanner.keep(tracker.keep());
    while (draw.more()) {
      ByteBuf in = Unpooled.wrappedBuffer(Wire.packetOf(1, draw.bytes(24)));
      try {
        while (next(in)) {
          tracker.packet(scanner);
          scanner.keep(tracker.keep());
        }
      } catch (MalformedPacketException orderly) {
        return;
      }
    }
  }

  private static byte[] joined(List<byte[]> stages) {
    Wire all = new Wire();
    stages.forEach(all::raw);
    return all.bytes();
  }

  private static void same(List<byte[]> got, List<byte[]> wanted) {
    require(
        Arrays.deepEquals(got.toArray(byte[][]::new), wanted.toArray(byte[][]::new)),
        "other packets were captured");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
