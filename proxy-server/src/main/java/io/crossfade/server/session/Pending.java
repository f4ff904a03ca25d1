package io.crossfade.server.session;

import io.crossfade.server.protocol.AnswerShape;
import io.crossfade.server.protocol.AnswerTracker;
import io.crossfade.server.protocol.AnswerTracker.Capture;
import java.util.function.Consumer;

/**
 * An answer that MySQL owes.
 *
 * @param shape what its packets are
 * @param swallowed whether it is the relay's own: the client does not get it
 * @param capture what of it is copied
 * @param onEnd called when its last packet was seen, before the client has it
 */
record Pending(
    AnswerShape shape, boolean swallowed, Capture capture, Consumer<AnswerTracker> onEnd) {
  /** The answer to a statement that nobody waits for. */
  static final Pending RESULTS = relayed(AnswerShape.RESULTS, tracker -> {});

  /** An answer that is only passed on. */
  static Pending relayed(AnswerShape shape, Consumer<AnswerTracker> onEnd) {
    return new Pending(shape, false, Capture.NOTHING, onEnd);
  }
}
