package io.crossfade.dualwrite.dirty;

/** One MySQL session of this incarnation, or a prepared XA transaction, as a holder of marks. */
public interface Holder {
  /** The session it stands for. */
  SessionId session();

  /** Whether it holds any mark now. */
  boolean holding();
}
