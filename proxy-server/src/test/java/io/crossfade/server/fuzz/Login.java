package io.crossfade.server.fuzz;

import io.crossfade.server.protocol.Capabilities;
import io.crossfade.server.protocol.Compression;

/** A plain login. */
final class Login {
  /** What the fake MySQL can do: everything but compression. */
  static final long SERVER = 0xDFFF_FFFFL & ~Compression.FLAGS;

  private static final long ALWAYS =
      Capabilities.PROTOCOL_41
          | Capabilities.SECURE_CONNECTION
          | Capabilities.PLUGIN_AUTH
          | Capabilities.MULTI_RESULTS;
  private static final long[] SOMETIMES = {
    Capabilities.DEPRECATE_EOF,
    Capabilities.SESSION_TRACK,
    Capabilities.OPTIONAL_RESULTSET_METADATA,
    Capabilities.QUERY_ATTRIBUTES,
    Capabilities.MULTI_STATEMENTS,
    Capabilities.LOCAL_FILES,
    Capabilities.CONNECT_WITH_DB,
    Capabilities.CONNECT_ATTRS
  };

  private Login() {}

  /** What a client wants. */
  static long capabilities(Draw draw) {
    int choice = draw.next();
    long wanted = ALWAYS;
    for (int i = 0; i < SOMETIMES.length; i++) {
      if ((choice >> i & 1) != 0) {
        wanted |= SOMETIMES[i];
      }
    }
    return wanted;
  }

  static byte[] greeting() {
    return Wire.packetOf(
        0,
        new Wire()
            .u8(10)
            .text("8.4.0\0")
            .u32(7)
            .text("aaaaaaaa")
            .u8(0)
            .u16(SERVER)
            .u8(255)
            .u16(2)
            .u16(SERVER >> 16)
            .u8(21)
            .raw(new byte[10])
            .text("bbbbbbbbbbbb\0caching_sha2_password\0")
            .bytes());
  }

  static byte[] response(long capabilities) {
    Wire out = new Wire().u32(capabilities).u32(1 << 24).u8(255).raw(new byte[23]).text("app\0");
    out.u8(4).text("hash");
    if (Capabilities.has(capabilities, Capabilities.CONNECT_WITH_DB)) {
      out.text("db\0");
    }
    out.text("caching_sha2_password\0");
    if (Capabilities.has(capabilities, Capabilities.CONNECT_ATTRS)) {
      out.lenenc(10).lenencText("name").lenencText("fuzz");
    }
    return Wire.packetOf(1, out.bytes());
  }

  static byte[] ok() {
    return Wire.packetOf(2, new Wire().u8(0).lenenc(0).lenenc(0).u16(2).u16(0).bytes());
  }
}
