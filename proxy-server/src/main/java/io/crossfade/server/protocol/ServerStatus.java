package io.crossfade.server.protocol;

/** Status flags of OK and EOF packets: "SERVER_STATUS_flags_enum" in the manual. */
public final class ServerStatus {
  public static final int IN_TRANS = 1;
  public static final int AUTOCOMMIT = 2;
  public static final int MORE_RESULTS_EXIST = 8;
  public static final int CURSOR_EXISTS = 0x40;
  public static final int IN_TRANS_READONLY = 0x2000;
  public static final int SESSION_STATE_CHANGED = 0x4000;

  /** The flags that tell of the session and not of the statement. */
  public static final int OF_SESSION = IN_TRANS | AUTOCOMMIT | IN_TRANS_READONLY;

  private ServerStatus() {}
}
