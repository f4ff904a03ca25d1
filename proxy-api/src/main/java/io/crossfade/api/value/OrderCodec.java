package io.crossfade.api.value;

import java.io.ByteArrayOutputStream;

/**
 * Bytes of one column's values whose unsigned byte order is MySQL's order of the values, and which
 * end by themselves, so that columns can be concatenated. SQL NULL is the caller's business.
 */
public interface OrderCodec {
  /**
   * Appends the encoding of a text form.
   *
   * @throws IllegalArgumentException when it is not a text form of the column's type
   */
  void encode(byte[] text, ByteArrayOutputStream out);

  /**
   * Where the encoding that starts at {@code offset} ends.
   *
   * @throws IllegalArgumentException when none starts there
   */
  int end(byte[] bytes, int offset);
}
