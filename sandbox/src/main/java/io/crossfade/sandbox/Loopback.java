package io.crossfade.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/** The only network the sandbox uses. */
public final class Loopback {
  public static final String HOST = "127.0.0.1";

  private Loopback() {}

  static InetAddress address(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      if (!address.isLoopbackAddress()) {
        throw new IllegalArgumentException("not a loopback address: " + host);
      }
      return address;
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an address: " + host, e);
    }
  }

  /** A port that was free a moment ago. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, address(HOST))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new SandboxException("no free port on " + HOST, e);
    }
  }
}
