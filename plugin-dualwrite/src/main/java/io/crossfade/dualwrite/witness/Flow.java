package io.crossfade.dualwrite.witness;

import com.github.shyiko.mysql.binlog.GtidSet;
import com.github.shyiko.mysql.binlog.event.ByteArrayEventData;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.GtidEventData;
import com.github.shyiko.mysql.binlog.event.QueryEventData;
import com.github.shyiko.mysql.binlog.event.RotateEventData;
import com.github.shyiko.mysql.binlog.event.XAPrepareEventData;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.dirty.SessionId;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Follows the events of one connection: where transactions begin and end, who makes them, which
 * keys they change. Confined to the thread that reads, but for {@link #position}.
 */
final class Flow {
  /** LOG_EVENT_IGNORABLE_F: whoever does not know the event may pass over it. */
  private static final int IGNORABLE = 0x80;

  private final Server.State server;
  private final Map<TableName, RowImages> tables;
  private final Listener listener;
  private final @Nullable GtidSet gtids;
  private final Map<Long, TableMap> maps = new java.util.HashMap<>();
  private @Nullable String gtid;
  private @Nullable String origin;
  private @Nullable Transaction transaction;
  private String file;
  private long offset;
  private boolean greeted;
  private volatile Position position;

  /** Who is told of what is found; called on the thread that reads. */
  interface Listener {
    /** A transaction begins; of the first of {@code session}'s announcements that fit it. */
    Transaction begin(SessionId session, Position at);

    /** It has ended, prepared under {@code xid} (committed, when that is empty). */
    void end(Transaction transaction, String xid);

    /** The outcome of a prepared transaction. */
    void decided(String xid, boolean committed);

    /** Nothing is known of a change but that there may have been one, to any watched table. */
    void everything(String reason);

    /** A statement that may define any table anew. */
    void defining();

    /** A statement that may define the table anew. */
    void defined(TableName table);

    /** Whether rows of the table cannot be read now, because it may have been defined anew. */
    boolean suspect(TableName table);

    /** The cascades as they are known now. */
    Cascades cascades();
  }

  /**
   * @param server the server that the events come from
   * @param from where they begin
   */
  Flow(Server.State server, Position from, Map<TableName, RowImages> tables, Listener listener) {
    this.server = server;
    this.tables = tables;
    this.listener = listener;
    this.gtids = from.gtids() == null ? null : new GtidSet(from.gtids());
    this.file = from.file();
    this.offset = from.offset();
    this.position = from;
  }

  /** After the last transaction that was read whole. */
  Position position() {
    return position;
  }

  /**
   * Takes the next event.
   *
   * @throws IOException when the connection does not lead to the server it should
   */
  void on(Event event) throws IOException {
    EventHeaderV4 header = event.getHeader();
    if (!greeted && header.getServerId() != server.serverId()) {
      throw new IOException(
          "the binlog of server " + header.getServerId() + " instead of " + server.serverId());
    }
    greeted = true; // the first event is made up by the server that sends
    take(event);
    if (header.getEventType() == EventType.ROTATE) {
      RotateEventData rotation = event.getData();
      file = rotation.getBinlogFilename();
      offset = rotation.getBinlogPosition();
    } else if (header.getNextPosition() > 0) {
      offset = header.getNextPosition();
    }
    if (transaction == null && gtid == null) {
      moved();
    }
  }

  private void moved() {
    if (!position.file().equals(file) || position.offset() != offset) {
      position = new Position(server.uuid(), file, offset, gtids == null ? null : gtids.toString());
    }
  }

  private void take(Event event) throws IOException {
    EventHeaderV4 header = event.getHeader();
    switch (header.getEventType()) {
      case FORMAT_DESCRIPTION -> {
        maps.clear();
        transaction = null; // the server died before it was whole
        gtid = null;
      }
      case GTID -> {
        GtidEventData data = event.getData();
        gtid = data.getMySqlGtid().toString();
        origin = data.getMySqlGtid().getServerId().toString();
      }
      case ANONYMOUS_GTID -> origin = null;
      case QUERY -> query(header, event.getData());
      case TABLE_MAP -> map(TableMap.parse(bytes(event)));
      case WRITE_ROWS, EXT_WRITE_ROWS, UPDATE_ROWS, EXT_UPDATE_ROWS, DELETE_ROWS, EXT_DELETE_ROWS ->
          rows(header, bytes(event));
      case PARTIAL_UPDATE_ROWS_EVENT -> partial(header, bytes(event));
      case XID -> end("");
      case XA_PREPARE -> {
        XAPrepareEventData data = event.getData();
        end(data.isOnePhase() ? "" : xid(data));
      }
      case TRANSACTION_PAYLOAD -> {
        for (Event inner : Payload.events(bytes(event))) {
          take(inner);
        }
      }
      case INCIDENT -> listener.everything("incident");
      case PRE_GA_WRITE_ROWS, PRE_GA_UPDATE_ROWS, PRE_GA_DELETE_ROWS, UNKNOWN -> {
        if ((header.getFlags() & IGNORABLE) == 0) {
          listener.everything("unknown-event");
        }
      }
      default -> {
        // says nothing of rows
      }
    }
  }

  private static byte[] bytes(Event event) {
    ByteArrayEventData data = event.getData();
    return data.getData();
  }

  private static String xid(XAPrepareEventData data) {
    HexFormat hex = HexFormat.of();
    byte[] both = data.getData();
    int gtrid = data.getGtridLength();
    return QueryText.xid(
        "X'"
            + hex.formatHex(both, 0, gtrid)
            + "',X'"
            + hex.formatHex(both, gtrid, both.length)
            + "',"
            + data.getFormatID());
  }

  private void query(EventHeaderV4 header, QueryEventData data) {
    QueryText text = new QueryText(data.getSql());
    if (text.begins()) {
      begin(header, data.getThreadId());
    } else if (text.ends()) {
      end("");
    } else if (!text.control()) {
      statement(header, data, text);
    }
  }

  private void statement(EventHeaderV4 header, QueryEventData data, QueryText text) {
    boolean own = transaction == null;
    if (own) {
      begin(header, data.getThreadId());
    }
    Transaction current = current(header);
    if (text.defines()) {
      listener.defining();
    }
    for (Change change : text.changes(tables.keySet())) {
      current.change(change);
      if (text.defines()) {
        listener.defined(change.table());
      }
    }
    if (own && !text.beginsAfter()) {
      end("");
    }
    if (!text.committedXid().isEmpty()) {
      listener.decided(text.committedXid(), true);
    } else if (!text.rolledBackXid().isEmpty()) {
      listener.decided(text.rolledBackXid(), false);
    }
  }

  private void begin(EventHeaderV4 header, long thread) {
    String uuid = origin;
    if (header.getServerId() == server.serverId()) {
      uuid = server.uuid();
    } else if (uuid == null) {
      uuid = "server-id " + header.getServerId();
    }
    transaction = listener.begin(new SessionId(uuid, thread), position);
  }

  /** Rows without a beginning are nobody's. */
  private Transaction current(EventHeaderV4 header) {
    if (transaction == null) {
      begin(header, 0);
    }
    return java.util.Objects.requireNonNull(transaction);
  }

  private void end(String xid) {
    if (transaction != null) {
      listener.end(transaction, xid);
    }
    transaction = null;
    if (gtid != null && gtids != null) {
      gtids.add(gtid);
    }
    gtid = null;
  }

  private void map(TableMap map) {
    maps.put(map.id(), map);
  }

  private void rows(EventHeaderV4 header, byte[] body) {
    EventType type = header.getEventType();
    TableMap map = maps.get(RowImages.tableId(body));
    if (map == null) {
      listener.everything("no-table-map");
      return;
    }
    if (!EventType.isWrite(type)) {
      listener
          .cascades()
          .reached(map.name(), EventType.isDelete(type))
          .forEach(table -> current(header).change(Change.whole(table, "cascade")));
    }
    if (!tables.containsKey(map.name())) {
      return;
    }
    Transaction current = current(header);
    boolean suspect = listener.suspect(map.name()); // asked first: it comes with new images
    RowImages images = tables.get(map.name());
    if (suspect || images == null) {
      current.change(Change.whole(map.name(), "schema-changed"));
      return;
    }
    boolean extended =
        type == EventType.EXT_WRITE_ROWS
            || type == EventType.EXT_UPDATE_ROWS
            || type == EventType.EXT_DELETE_ROWS;
    try {
      images.read(
          body,
          map,
          EventType.isUpdate(type),
          extended,
          key -> current.change(Change.of(map.name(), key)));
    } catch (RowImages.UnreadableException e) {
      current.change(Change.whole(map.name(), e.token()));
    }
  }

  /** {@code binlog_row_value_options=PARTIAL_JSON}: the second image has another form. */
  private void partial(EventHeaderV4 header, byte[] body) {
    TableMap map = maps.get(RowImages.tableId(body));
    if (map == null) {
      listener.everything("no-table-map");
      return;
    }
    listener
        .cascades()
        .reached(map.name(), false)
        .forEach(table -> current(header).change(Change.whole(table, "cascade")));
    if (tables.containsKey(map.name())) {
      current(header).change(Change.whole(map.name(), "partial-json"));
    }
  }
}
