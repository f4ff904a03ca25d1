package io.crossfade.dualwrite.dirty;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.sql.TableName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The records on disk. The first byte of a record's key says what it is:
 *
 * <pre>
 * m name                                    something of the store itself (format, incarnation)
 * k len16 schema.table  key                 a dirty key; no value, or r: nobody holds it any more
 * r len16 schema.table  len32 from  to      a dirty range; the same
 * s incarnation64 serial64                  a session; value: connectionId64 serverUuid
 * x xid                                     a prepared transaction; no value
 * v name                                    a named value
 * </pre>
 */
final class Records {
  static final byte META = 'm';
  static final byte KEY = 'k';
  static final byte RANGE = 'r';
  static final byte SESSION = 's';
  static final byte XA = 'x';
  static final byte VALUE = 'v';

  /** Raised whenever an older build could not read what this one writes. */
  static final long FORMAT = 1;

  static final byte[] FORMAT_KEY = named(META, "format");
  static final byte[] INCARNATION_KEY = named(META, "incarnation");
  static final byte[] NONE = new byte[0];

  /** Of a key or range that nobody holds; only told where others read the records. */
  static final byte[] RELEASED = {'r'};

  private Records() {}

  static byte[] named(byte kind, String name) {
    byte[] n = name.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + n.length).put(kind).put(n).array();
  }

  static String name(byte[] record) {
    return new String(record, 1, record.length - 1, StandardCharsets.UTF_8);
  }

  /** What the keys of all entries of one kind and table start with. */
  static byte[] entryPrefix(byte kind, TableName table) {
    byte[] t = table.toString().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(3 + t.length).put(kind).putShort((short) t.length).put(t).array();
  }

  static byte[] key(byte[] prefix, Key key) {
    byte[] b = Arrays.copyOf(prefix, prefix.length + key.bytes().length);
    System.arraycopy(key.bytes(), 0, b, prefix.length, key.bytes().length);
    return b;
  }

  static byte[] range(byte[] prefix, KeyRange r) {
    return ByteBuffer.allocate(prefix.length + 4 + r.from().length + r.to().length)
        .put(prefix)
        .putInt(r.from().length)
        .put(r.from())
        .put(r.to())
        .array();
  }

  static TableName table(byte[] record) {
    int length = ByteBuffer.wrap(record).getShort(1) & 0xFFFF;
    return TableName.parse(new String(record, 3, length, StandardCharsets.UTF_8));
  }

  static Key key(byte[] record) {
    return new Key(Arrays.copyOfRange(record, afterTable(record), record.length));
  }

  static KeyRange range(byte[] record) {
    int at = afterTable(record);
    int from = ByteBuffer.wrap(record).getInt(at);
    return new KeyRange(
        Arrays.copyOfRange(record, at + 4, at + 4 + from),
        Arrays.copyOfRange(record, at + 4 + from, record.length));
  }

  private static int afterTable(byte[] record) {
    return 3 + (ByteBuffer.wrap(record).getShort(1) & 0xFFFF);
  }

  static byte[] session(long incarnation, long serial) {
    return ByteBuffer.allocate(17).put(SESSION).putLong(incarnation).putLong(serial).array();
  }

  static byte[] sessionValue(SessionId id) {
    byte[] uuid = id.serverUuid().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + uuid.length).putLong(id.connectionId()).put(uuid).array();
  }

  static SessionId sessionId(byte[] value) {
    return new SessionId(
        new String(value, 8, value.length - 8, StandardCharsets.UTF_8),
        ByteBuffer.wrap(value).getLong());
  }

  static byte[] number(long n) {
    return ByteBuffer.allocate(8).putLong(n).array();
  }

  static long number(byte[] value) {
    return ByteBuffer.wrap(value).getLong();
  }
}
