package io.crossfade.dualwrite.capture;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** SQL text that is put together, in the session's character set. */
final class SqlText {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);

  SqlText add(String ascii) {
    return add(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  SqlText add(char ascii) {
    out.write(ascii);
    return this;
  }

  SqlText add(byte[] text) {
    out.writeBytes(text);
    return this;
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
