package io.crossfade.dualwrite.witness;

import com.github.shyiko.mysql.binlog.event.ByteArrayEventData;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventData;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import com.github.shyiko.mysql.binlog.event.FormatDescriptionEventData;
import com.github.shyiko.mysql.binlog.event.QueryEventData;
import com.github.shyiko.mysql.binlog.event.deserialization.ChecksumType;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.EventHeaderV4Deserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.FormatDescriptionEventDataDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.GtidEventDataDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.RotateEventDataDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.XAPrepareEventDataDeserializer;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import java.io.IOException;

/**
 * Takes the events apart as far as the client itself must, and leaves the rest as bytes: the client
 * would leave out an event that it cannot read, and its values have lost what a key needs.
 */
final class RawEvents extends EventDeserializer {
  private static final int DATABASE_LENGTH_BYTES = 1;
  private static final int ERROR_BYTES = 2;

  private final EventHeaderV4Deserializer headers = new EventHeaderV4Deserializer();
  private final FormatDescriptionEventDataDeserializer formats =
      new FormatDescriptionEventDataDeserializer();
  private final RotateEventDataDeserializer rotations = new RotateEventDataDeserializer();
  private final GtidEventDataDeserializer gtids = new GtidEventDataDeserializer();
  private final XAPrepareEventDataDeserializer preparations = new XAPrepareEventDataDeserializer();
  private int checksumBytes;

  /** The client calls this with what was agreed for the events ahead of the first format. */
  @Override
  @Deprecated
  public void setChecksumType(ChecksumType type) {
    checksumBytes = type.getLength();
  }

  @Override
  @SuppressWarnings("NullAway") // the client takes null for the end of the stream
  public Event nextEvent(ByteArrayInputStream in) throws IOException {
    if (in.peek() == -1) {
      return null;
    }
    EventHeaderV4 header = headers.deserialize(in);
    byte[] all = in.read((int) header.getDataLength());
    return switch (header.getEventType()) {
      case FORMAT_DESCRIPTION -> {
        FormatDescriptionEventData format = formats.deserialize(stream(all));
        checksumBytes = format.getChecksumType().getLength();
        yield new Event(header, format);
      }
      case ROTATE -> new Event(header, rotations.deserialize(stream(body(all))));
      case GTID -> new Event(header, gtids.deserialize(stream(body(all))));
      case XA_PREPARE -> new Event(header, preparations.deserialize(stream(body(all))));
      case QUERY -> new Event(header, query(body(all)));
      default -> new Event(header, raw(body(all)));
    };
  }

  private byte[] body(byte[] all) {
    return java.util.Arrays.copyOf(all, all.length - checksumBytes);
  }

  private static ByteArrayInputStream stream(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  private static EventData raw(byte[] body) {
    ByteArrayEventData data = new ByteArrayEventData();
    data.setData(body);
    return data;
  }

  private static QueryEventData query(byte[] body) {
    Bytes in = new Bytes(body);
    QueryEventData data = new QueryEventData();
    data.setThreadId(in.little(4));
    data.setExecutionTime(in.little(4));
    int database = (int) in.little(DATABASE_LENGTH_BYTES);
    data.setErrorCode((int) in.little(ERROR_BYTES));
    in.skip((int) in.little(2));
    data.setDatabase(QueryText.decode(in.take(database)));
    in.skip(1);
    data.setSql(QueryText.decode(in.take(in.left())));
    return data;
  }
}
