package io.crossfade.dualwrite.hbase;

import java.io.IOException;

/** A write was not sent, so it can certainly not land later. */
public abstract class UnsentException extends IOException {
  private static final long serialVersionUID = 1L;

  UnsentException(String message) {
    super(message);
  }
}
