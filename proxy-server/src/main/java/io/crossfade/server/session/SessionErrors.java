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

  /** The client logs in without TLS although the proxy requires it; MySQL's own words. */
  public static ErrPacket insecureTransport() {
    return new ErrPacket(
        3159,
        "HY000",
        "Connections using insecure transport are prohibited while"
            + " --require_secure_transport=ON.");
  }

  /** A client on a unix socket may send its password in clear, but the leg to MySQL is not safe. */
  public static ErrPacket insecureMysqlLeg() {
    return new ErrPacket(
        3159,
        "HY000",
        "A client on a unix socket needs a MySQL behind the proxy that offers TLS or is a socket");
  }

  /** The client took too long to log in; what MySQL says after its connect_timeout. */
  public static ErrPacket loginTimeUp() {
    return new ErrPacket(1159, "08S01", "Got timeout reading communication packets");
  }

  /** The client wants zstd of a level that there is not; MySQL's own words. */
  public static ErrPacket badCompressionLevel() {
    return new ErrPacket(3923, "HY000", "Invalid zstd compression level for algorithm 'zstd'.");
  }

  /** MySQL went away while it owed an answer: what the client library says of itself. */
  public static ErrPacket mysqlLost() {
    return new ErrPacket(2013, "08S01", "Lost connection to MySQL server during query");
  }

  /** The proxy ends while an answer is owed; what MySQL says when it is shut down. */
  public static ErrPacket shutDown() {
    return new ErrPacket(1053, "08S01", "Server shutdown in progress");
  }

  /** A plugin could not follow the session. */
  public static ErrPacket cannotObserve() {
    return new ErrPacket(1105, "HY000", "The proxy could not prepare this session; try again");
  }
}
