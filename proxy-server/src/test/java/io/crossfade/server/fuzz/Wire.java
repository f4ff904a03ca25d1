package io.crossfade.server.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes payloads in the plainest way, without the code under test. */
final class Wire {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Wire u8(long value) {
    out.write((int) value);
    return this;
  }

  Wire u16(long value) {
    return u8(value).u8(value >> 8);
  }

  Wire u24(long value) {
    return u16(value).u8(value >> 16);
  }

  Wire u32(long value) {
    return u16(value).u16(value >> 16);
  }

  Wire raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  Wire text(String ascii) {
    return raw(ascii.getBytes(StandardCharsets.ISO_8859_1));
  }

  Wire lenenc(long value) {
    if (value < 251) {
      return u8(value);
    }
    return value < 65536 ? u8(0xFC).u16(value) : u8(0xFD).u24(value);
  }

  Wire lenencText(String ascii) {
    return lenenc(ascii.length()).text(ascii);
  }

  /** Appends {@code payload} as one packet; it must be shorter than 16 MiB. */
  Wire packet(int sequence, byte[] payload) {
    return u24(payload.length).u8(sequence).raw(payload);
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  static byte[] packetOf(int sequence, byte[] payload) {
    return new Wire().packet(sequence, payload).bytes();
  }
}
