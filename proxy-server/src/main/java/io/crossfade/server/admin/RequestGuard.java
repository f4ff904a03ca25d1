package io.crossfade.server.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps other web sites out of the admin port: a browser on the operator's machine can reach it, so
 * a foreign page could send commands (CSRF) or read the status through a name it lets point here
 * (DNS rebinding). A Host that is an IP address or {@code localhost} cannot be rebound; others must
 * be configured. Stateless, thread-safe.
 */
final class RequestGuard {
  /** A header that a foreign page cannot send without a preflight, which is never answered. */
  static final String MARK = "X-Crossfade";

  private final Set<String> hostNames = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  RequestGuard(List<String> hostNames) {
    this.hostNames.addAll(hostNames);
    this.hostNames.add("localhost");
  }

  /** Why the Host header is refused; empty when it is fine. */
  Optional<String> refuseHost(HttpHeaders headers) {
    List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
    if (hosts.size() != 1) {
      return Optional.of("exactly one Host header is needed");
    }
    String name = nameOf(hosts.get(0));
    if (NetUtil.isValidIpV4Address(name)
        || NetUtil.isValidIpV6Address(name)
        || hostNames.contains(name)) {
      return Optional.empty();
    }
    return Optional.of("this Host is not known here; add it to admin.host-names");
  }

  /** Why a request that changes something is refused; empty when it is fine. */
  Optional<String> refuseChange(HttpHeaders headers) {
    String origin = headers.get(HttpHeaderNames.ORIGIN);
    String host = headers.get(HttpHeaderNames.HOST, "").toLowerCase(Locale.ROOT);
    if (origin != null) {
      String lower = origin.toLowerCase(Locale.ROOT);
      return lower.equals("http://" + host) || lower.equals("https://" + host)
          ? Optional.empty()
          : Optional.of("requests of other web sites are refused");
    }
    return headers.contains(MARK)
        ? Optional.empty()
        : Optional.of("the header '" + MARK + ": 1' is needed");
  }

  private static String nameOf(String host) {
    if (host.startsWith("[")) {
      int end = host.indexOf(']');
      return end < 0 ? host : host.substring(1, end);
    }
    int colon = host.lastIndexOf(':');
    return colon < 0 ? host : host.substring(0, colon);
  }
}
