package io.crossfade.server.session;

import io.crossfade.server.protocol.ErrPacket;

/** The errors the relay itself gives a client; the codes are MySQL's own. */
public final class SessionErrors {
  private SessionErrors() {}

  /** More clients than allowed. Before the handshake MySQL sends no SQLSTATE; neither does this. */
  public static ErrPacket tooManyConnections() {
    return new ErrPacket(1040, "", "Too many connections");
  }

  /** MySQL does not answer; also before the handshake. */
  public static ErrPacket cannotConnect() {
    return new ErrPacket(2003, "", "Can't connect to MySQL server behind the proxy");
  }

  /** The client's part of the handshake is not understood. */
  public static ErrPacket badHandshake() {
    return new ErrPacket(1043, "08S01", "Bad handshake");
  }

  /** A plugin could not follow the session. */
  public static ErrPacket cannotObserve() {
    return new ErrPacket(1105, "HY000", "The proxy could not prepare this session; try again");
  }
}
