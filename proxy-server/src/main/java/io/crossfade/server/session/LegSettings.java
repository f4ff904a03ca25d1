package io.crossfade.server.session;

import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the two legs are secured and kept in order.
 *
 * @param listen where clients connect: TCP addresses and unix sockets
 * @param requireTls whether a client that logs in without TLS gets error 3159; on a unix socket
 *     none is needed, as with MySQL's {@code require_secure_transport}
 * @param clientTls what of TLS is offered to clients
 * @param mysqlTls what MySQL's certificate must prove
 * @param proxiesFrom clients of these networks must begin with a PROXY protocol header, whose
 *     source becomes their address
 * @param sendProxyHeader whether MySQL is told the client's address so
 * @param tcp how dead peers are noticed
 * @param login how long the client may take, while it is its turn, to log in
 * @param compressToMysql whether the leg to MySQL is compressed when and as the client's is
 */
public record LegSettings(
    List<SocketAddress> listen,
    boolean requireTls,
    ClientTls clientTls,
    MysqlTls mysqlTls,
    List<IpSubnetFilterRule> proxiesFrom,
    @Nullable ProxyHeader sendProxyHeader,
    Tcp tcp,
    Duration login,
    boolean compressToMysql) {

  /** Copies the lists. */
  public LegSettings {
    listen = List.copyOf(listen);
    proxiesFrom = List.copyOf(proxiesFrom);
  }

  /** Without compression on the leg to MySQL. */
  public LegSettings(
      List<SocketAddress> listen,
      boolean requireTls,
      ClientTls clientTls,
      MysqlTls mysqlTls,
      List<IpSubnetFilterRule> proxiesFrom,
      @Nullable ProxyHeader sendProxyHeader,
      Tcp tcp,
      Duration login) {
    this(listen, requireTls, clientTls, mysqlTls, proxiesFrom, sendProxyHeader, tcp, login, false);
  }

  /** The same, but for compression on the leg to MySQL. */
  public LegSettings withCompressionToMysql(boolean asClient) {
    return new LegSettings(
        listen,
        requireTls,
        clientTls,
        mysqlTls,
        proxiesFrom,
        sendProxyHeader,
        tcp,
        login,
        asClient);
  }

  /** The defaults of the configuration. */
  public static LegSettings defaults(SocketAddress listen) {
    return new LegSettings(
        List.of(listen),
        false,
        new ClientTls(List.of("TLSv1.3", "TLSv1.2"), List.of()),
        new MysqlTls(Verify.NONE, null),
        List.of(),
        null,
        new Tcp(Duration.ofMinutes(2), Duration.ofSeconds(15), 4, Duration.ZERO),
        Duration.ofSeconds(10));
  }

  /**
   * TLS of the client leg.
   *
   * @param versions by the JDK's names
   * @param ciphers by the JDK's names; empty = the JDK's defaults
   */
  public record ClientTls(List<String> versions, List<String> ciphers) {}

  /**
   * TLS of the MySQL leg.
   *
   * @param verify what its certificate must prove
   * @param ca PEM certificates of the authorities; null = those of the JDK
   */
  public record MysqlTls(Verify verify, @Nullable Path ca) {}

  /** What MySQL's certificate must prove: the client's {@code ssl-mode}, from REQUIRED on. */
  public enum Verify {
    NONE,
    CA,
    IDENTITY
  }

  /** A version of the PROXY protocol. */
  public enum ProxyHeader {
    V1,
    V2
  }

  /**
   * TCP's own means against dead peers.
   *
   * @param keepAlive silence after which the other side is asked whether it lives; zero = never
   * @param keepAliveInterval from one such question to the next
   * @param keepAliveProbes unanswered questions after which the connection is dead
   * @param userTimeout how long sent bytes may go unacknowledged; zero = the system's rule
   */
  public record Tcp(
      Duration keepAlive, Duration keepAliveInterval, int keepAliveProbes, Duration userTimeout) {}
}
