package io.crossfade.bench.load;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The connection phase with mysql_native_password: "Protocol::HandshakeV10" and
 * "Protocol::HandshakeResponse41" of the manual. Pure.
 */
final class Login {
  static final String PLUGIN = "mysql_native_password";
  static final int DEPRECATE_EOF = 1 << 24;

  private static final int LONG_PASSWORD = 1;
  private static final int LONG_FLAG = 1 << 2;
  private static final int CONNECT_WITH_DB = 1 << 3;
  private static final int PROTOCOL_41 = 1 << 9;
  private static final int TRANSACTIONS = 1 << 13;
  private static final int SECURE_CONNECTION = 1 << 15;
  private static final int MULTI_RESULTS = 1 << 17;
  private static final int PS_MULTI_RESULTS = 1 << 18;
  private static final int PLUGIN_AUTH = 1 << 19;
  private static final int WANTED =
      LONG_PASSWORD
          | LONG_FLAG
          | CONNECT_WITH_DB
          | PROTOCOL_41
          | TRANSACTIONS
          | SECURE_CONNECTION
          | MULTI_RESULTS
          | PS_MULTI_RESULTS
          | PLUGIN_AUTH
          | DEPRECATE_EOF;
  private static final int MAX_PACKET = 1 << 24;
  private static final int UTF8MB4_GENERAL_CI = 45;

  /**
   * What the server says first.
   *
   * @param capabilities the server's
   * @param scramble 20 bytes
   */
  record Greeting(int capabilities, byte[] scramble) {}

  private Login() {}

  /** Reads the payload of a version 10 handshake. */
  static Greeting greeting(ByteBuf in) {
    in.skipBytes(1);
    in.skipBytes(in.bytesBefore((byte) 0) + 1); // server version
    in.skipBytes(4); // connection id
    byte[] scramble = new byte[20];
    in.readBytes(scramble, 0, 8);
    in.skipBytes(1);
    int capabilities = in.readUnsignedShortLE();
    in.skipBytes(3); // character set, status
    capabilities |= in.readUnsignedShortLE() << 16;
    in.skipBytes(11);
    in.readBytes(scramble, 8, 12);
    return new Greeting(capabilities, scramble);
  }

  /** The capabilities in force: what both sides can do. */
  static int capabilities(Greeting greeting) {
    return WANTED & greeting.capabilities();
  }

  /** Writes the payload of the response. */
  static void writeResponse(
      ByteBuf out, Greeting greeting, String user, String password, String schema) {
    out.writeIntLE(capabilities(greeting));
    out.writeIntLE(MAX_PACKET);
    out.writeByte(UTF8MB4_GENERAL_CI);
    out.writeZero(23);
    writeText(out, user);
    byte[] proof = proof(password, greeting.scramble());
    out.writeByte(proof.length);
    out.writeBytes(proof);
    writeText(out, schema);
    writeText(out, PLUGIN);
  }

  private static void writeText(ByteBuf out, String text) {
    out.writeCharSequence(text, StandardCharsets.UTF_8);
    out.writeByte(0);
  }

  /** {@code SHA1(password) XOR SHA1(scramble, SHA1(SHA1(password)))}. */
  static byte[] proof(String password, byte[] scramble) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] once = sha1.digest(password.getBytes(StandardCharsets.UTF_8));
      byte[] twice = sha1.digest(once);
      sha1.update(scramble);
      byte[] mask = sha1.digest(twice);
      for (int i = 0; i < mask.length; i++) {
        mask[i] ^= once[i];
      }
      return mask;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
