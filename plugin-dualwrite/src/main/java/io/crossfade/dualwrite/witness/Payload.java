package io.crossfade.dualwrite.witness;

import com.github.luben.zstd.Zstd;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The events of a compressed transaction ({@code binlog_transaction_compression}). See
 * "Transaction_payload_event" in the documentation of MySQL's source.
 */
final class Payload {
  private static final int END = 0;
  private static final int SIZE = 1;
  private static final int COMPRESSION = 2;
  private static final int UNCOMPRESSED_SIZE = 3;
  private static final int ZSTD = 0;
  private static final int NONE = 255;

  private Payload() {}

  /**
   * Takes the events out.
   *
   * @throws IOException when they are not compressed as is known here
   */
  static List<Event> events(byte[] body) throws IOException {
    Bytes in = new Bytes(body);
    long size = 0;
    long uncompressed = 0;
    long compression = NONE;
    for (long field = in.packed(); field != END; field = in.packed()) {
      Bytes value = new Bytes(in.take((int) in.packed()));
      if (field == SIZE) {
        size = value.packed();
      } else if (field == COMPRESSION) {
        compression = value.packed();
      } else if (field == UNCOMPRESSED_SIZE) {
        uncompressed = value.packed();
      }
    }
    byte[] payload = in.take((int) size);
    if (compression == ZSTD) {
      payload = Zstd.decompress(payload, (int) uncompressed);
    } else if (compression != NONE) {
      throw new IOException("a transaction compressed by the unknown way " + compression);
    }
    RawEvents inner = new RawEvents();
    ByteArrayInputStream stream = new ByteArrayInputStream(payload);
    List<Event> events = new ArrayList<>();
    for (Event e = inner.nextEvent(stream); e != null; e = inner.nextEvent(stream)) {
      events.add(e);
    }
    return events;
  }
}
