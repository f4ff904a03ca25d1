package io.crossfade.server.session;

import java.net.SocketAddress;

/** The leg to the client. */
public interface ClientPort extends Port {
  /** The client's address. */
  SocketAddress address();
}
