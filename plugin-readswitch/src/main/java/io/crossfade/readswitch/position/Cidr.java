package io.crossfade.readswitch.position;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A network, {@code 10.0.0.0/8} or {@code fd00::/8}; without a prefix length one address.
 *
 * @param network its address, bits behind the prefix zero
 * @param prefix how many leading bits count
 */
public record Cidr(InetAddress network, int prefix) {
  // Only literals: a name would be looked up.
  private static final Pattern LITERAL =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  /**
   * Reads a network.
   *
   * @throws IllegalArgumentException when the text is not one, or has bits set behind the prefix
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    String literal = slash < 0 ? text : text.substring(0, slash);
    if (!LITERAL.matcher(literal).matches()) {
      throw new IllegalArgumentException("'" + text + "' is not a network such as 10.0.0.0/8");
    }
    InetAddress address;
    try {
      address = InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("'" + text + "' is not a network such as 10.0.0.0/8", e);
    }
    int bits = address.getAddress().length * 8;
    int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
    if (prefix < 0 || prefix > bits) {
      throw new IllegalArgumentException("'" + text + "': the prefix must be 0 to " + bits);
    }
    if (!Arrays.equals(masked(address.getAddress(), prefix), address.getAddress())) {
      throw new IllegalArgumentException("'" + text + "' has bits set behind its prefix");
    }
    return new Cidr(address, prefix);
  }

  /** Whether {@code address} lies in this network; one of the other family never does. */
  public boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == network.getAddress().length
        && Arrays.equals(masked(bytes, prefix), network.getAddress());
  }

  private static byte[] masked(byte[] address, int prefix) {
    byte[] masked = address.clone();
    for (int i = 0; i < masked.length; i++) {
      int kept = Math.max(0, Math.min(8, prefix - 8 * i));
      masked[i] &= (byte) (0xFF << (8 - kept));
    }
    return masked;
  }

  @Override
  public String toString() {
    return network.getHostAddress() + "/" + prefix;
  }
}
