package io.crossfade.readswitch.position;

import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Set;

/**
 * Where one table stands between MySQL and HBase. Immutable.
 *
 * @param percentage share of the sessions that read from HBase, 0 to 100 with at most 4 decimals
 * @param buckets the same as a number of buckets
 * @param users these users' sessions always do
 * @param networks so do sessions of clients from here
 * @param lists and reads of these lists
 */
public record Position(
    BigDecimal percentage,
    int buckets,
    Set<String> users,
    List<Cidr> networks,
    ListWhitelist lists) {
  /** Everything is read from MySQL. */
  public static final Position MYSQL = of(BigDecimal.ZERO, Set.of(), List.of(), ListWhitelist.NONE);

  /** A position by its percentage and whitelists. */
  public static Position of(
      BigDecimal percentage, Set<String> users, List<Cidr> networks, ListWhitelist lists) {
    return new Position(percentage, Bucket.taken(percentage), users, networks, lists);
  }

  /** Which side a session's reads are meant for. */
  public enum Side {
    MYSQL,
    HBASE,
    /** HBase if they read whitelisted lists only. */
    BY_LIST
  }

  /** The side of a session. */
  public Side side(int bucket, String user, SocketAddress client) {
    if (bucket < buckets
        || users.contains(user)
        || (!networks.isEmpty() && isFromNetwork(client))) {
      return Side.HBASE;
    }
    return lists.size() > 0 ? Side.BY_LIST : Side.MYSQL;
  }

  private boolean isFromNetwork(SocketAddress client) {
    return client instanceof InetSocketAddress address
        && !address.isUnresolved()
        && networks.stream().anyMatch(n -> n.contains(address.getAddress()));
  }
}
