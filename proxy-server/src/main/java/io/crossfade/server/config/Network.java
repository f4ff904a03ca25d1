package io.crossfade.server.config;

import io.netty.util.NetUtil;

/**
 * A network of IP addresses: {@code 10.0.0.0/8}, {@code fd00::/8}, or one address.
 *
 * @param address an IP address of the network
 * @param prefix how many leading bits are the network's
 */
public record Network(String address, int prefix) {
  /**
   * Reads one.
   *
   * @throws IllegalArgumentException when the text is not of that form
   */
  public static Network parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    boolean v4 = NetUtil.isValidIpV4Address(address);
    if (!v4 && !NetUtil.isValidIpV6Address(address)) {
      throw new IllegalArgumentException("no IP address");
    }
    int bits = v4 ? 32 : 128;
    int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
    if (prefix < 0 || prefix > bits) {
      throw new IllegalArgumentException("no such prefix");
    }
    return new Network(address, prefix);
  }

  @Override
  public String toString() {
    return address + "/" + prefix;
  }
}
