package io.crossfade.api.plugin;

import io.crossfade.api.mapping.Row;
import java.util.List;
import java.util.function.Function;

/** What a plugin decides about a command. */
public sealed interface Verdict {
  /** Forward it to MySQL. */
  static Verdict forward() {
    return Forward.PLAIN;
  }

  /** Forward it, and give {@link Outcome#metadata} of MySQL's result set afterwards. */
  static Verdict forwardAndLearn() {
    return Forward.LEARNING;
  }

  /**
   * Answer it with {@code rows} framed by what MySQL itself answered to the same template earlier.
   */
  static Verdict answer(ResultMetadata metadata, List<Row> rows) {
    return new Answer(metadata, rows);
  }

  /** Do not execute it; the client gets this error. */
  static Verdict refuse(int code, String sqlState, String message) {
    return new Refuse(code, sqlState, message);
  }

  /** Calls the function of this variant. */
  <T> T match(Function<Forward, T> forward, Function<Answer, T> answer, Function<Refuse, T> refuse);

  /** See {@link #forward()}. */
  record Forward(boolean learn) implements Verdict {
    private static final Forward PLAIN = new Forward(false);
    private static final Forward LEARNING = new Forward(true);

    @Override
    public <T> T match(
        Function<Forward, T> forward, Function<Answer, T> answer, Function<Refuse, T> refuse) {
      return forward.apply(this);
    }
  }

  /** See {@link #answer}. Row values are text forms, one per column of the metadata. */
  record Answer(ResultMetadata metadata, List<Row> rows) implements Verdict {
    @Override
    public <T> T match(
        Function<Forward, T> forward, Function<Answer, T> answer, Function<Refuse, T> refuse) {
      return answer.apply(this);
    }
  }

  /** See {@link #refuse}. */
  record Refuse(int code, String sqlState, String message) implements Verdict {
    @Override
    public <T> T match(
        Function<Forward, T> forward, Function<Answer, T> answer, Function<Refuse, T> refuse) {
      return refuse.apply(this);
    }
  }
}
