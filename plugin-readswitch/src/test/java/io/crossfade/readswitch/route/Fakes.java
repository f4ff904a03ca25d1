package io.crossfade.readswitch.route;

import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.MirrorState;
import io.crossfade.api.plugin.ResultMetadata;
import io.crossfade.api.plugin.SessionFacts;
import io.crossfade.api.plugin.SessionView;
import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.api.sql.TableName;
import io.crossfade.readswitch.Follower;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Scripted sessions, commands, mirrors and frames. */
final class Fakes {
  static final SessionFacts FACTS =
      new SessionFacts(
          "",
          "UTC",
          "utf8mb4",
          "utf8mb4",
          "18446744073709551615",
          "REPEATABLE-READ",
          "app@%",
          "NONE");

  private Fakes() {}

  /** A session whose state a test sets. */
  static final class Session implements SessionView {
    long id = 1;
    String user = "app";
    TransactionState transaction = TransactionState.NONE;
    boolean autocommit = true;
    int factsAsked;
    CompletionStage<SessionFacts> facts = CompletableFuture.completedFuture(FACTS);

    @Override
    public long id() {
      return id;
    }

    @Override
    public long connectionId() {
      return 100 + id;
    }

    @Override
    public String user() {
      return user;
    }

    @Override
    public SocketAddress client() {
      return new InetSocketAddress("10.0.0.1", 1);
    }

    @Override
    public String database() {
      return "social";
    }

    @Override
    public TransactionState transaction() {
      return transaction;
    }

    @Override
    public long capabilities() {
      return 0;
    }

    @Override
    public boolean autocommit() {
      return autocommit;
    }

    @Override
    public CompletionStage<SessionFacts> facts() {
      factsAsked++;
      return facts;
    }
  }

  /** A command of a session. */
  record Command(
      SessionView session,
      Exchange.Protocol protocol,
      int command,
      List<Analyzed> statements,
      boolean answerable)
      implements Exchange {
    Command(
        SessionView session, Exchange.Protocol protocol, int command, List<Analyzed> statements) {
      this(session, protocol, command, statements, true);
    }

    /** A COM_QUERY. */
    static Command query(SessionView session, String... sql) {
      return new Command(
          session, Exchange.Protocol.TEXT, 3, Stream.of(sql).map(Follower::analyzed).toList());
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /** A mirror whose dirtiness a test sets. */
  static final class Mirror implements MirrorState {
    TableMapping mapping;
    Runnable onClean = () -> {};
    Optional<String> unreadable = Optional.empty();
    boolean clean = true;
    boolean stillClean = true;
    final List<KeyRange> asked = new ArrayList<>();

    Mirror(TableMapping mapping) {
      this.mapping = mapping;
    }

    @Override
    public Optional<TableMapping> mapping(TableName table) {
      return Optional.of(mapping);
    }

    @Override
    public Optional<String> unreadable(TableName table) {
      return unreadable;
    }

    @Override
    public Optional<Ticket> clean(TableName table, List<KeyRange> ranges) {
      asked.addAll(ranges);
      onClean.run();
      return clean ? Optional.of(new Ticket() {}) : Optional.empty();
    }

    @Override
    public boolean stillClean(Ticket ticket) {
      return stillClean;
    }

    @Override
    public long lagMillis(TableName table) {
      return 0;
    }
  }

  /** The frame of a result with these columns of the follower table, ended by an EOF packet. */
  static ResultMetadata frame(int status, int warnings, String... columns) {
    List<byte[]> definitions =
        Stream.of(columns).map(c -> definition("social", "follower", c)).toList();
    return new ResultMetadata(definitions, eof(status, warnings), 0, Exchange.Protocol.TEXT);
  }

  /** A column definition up to its names; what follows them is not looked at. */
  static byte[] definition(String schema, String table, String column) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String text : List.of("def", schema, table, table, column, column)) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      out.write(bytes.length);
      out.writeBytes(bytes);
    }
    return out.toByteArray();
  }

  static byte[] eof(int status, int warnings) {
    return new byte[] {
      (byte) 0xFE, (byte) warnings, (byte) (warnings >> 8), (byte) status, (byte) (status >> 8)
    };
  }
}
