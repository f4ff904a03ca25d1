package io.crossfade.server.session;

import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.server.frame.Frames;
import io.crossfade.server.frame.PacketScanner;
import io.crossfade.server.protocol.AnswerShape;
import io.crossfade.server.protocol.AnswerTracker;
import io.crossfade.server.protocol.AnswerTracker.Capture;
import io.crossfade.server.protocol.Capabilities;
import io.crossfade.server.protocol.Compression;
import io.crossfade.server.protocol.ErrPacket;
import io.crossfade.server.protocol.Handshake;
import io.crossfade.server.protocol.HandshakeResponse;
import io.crossfade.server.protocol.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * "Connection Phase" of the manual. Client and server authenticate each other end to end; the relay
 * only starts TLS on both legs when the client does, keeps compression to the client's leg, and
 * remembers who logged in.
 *
 * <p>A client's packet is relayed only when it is its turn to speak, so that a command sent too
 * early is not taken for authentication data.
 */
final class LoginPhase implements Phase {
  private static final Logger LOGGER = LoggerFactory.getLogger(LoginPhase.class);

  /** Far more than names, connection attributes and authentication data need. */
  private static final int LONGEST_PACKET = 1 << 20;

  private final Session session;
  private final Input fromClient = new Input();
  private final Input fromServer = new Input();
  private final PacketScanner scanner = new PacketScanner();
  private Stage stage = Stage.GREETING;
  private int turns;

  /** The sequence id of the packet that comes next. */
  private int sequence;

  /** Whether the client's leg is under TLS. */
  private boolean clientTls;

  /** How much higher MySQL's sequence ids are than the client's: it was sent an SSLRequest. */
  private int shift;

  private @Nullable Handshake handshake;
  private @Nullable HandshakeResponse response;
  private @Nullable Compression compression;
  private AnswerTracker tracker = new AnswerTracker(0);

  private enum Stage {
    GREETING,
    RESPONSE,
    AUTHENTICATION,
    /** MySQL has refused and is about to close. */
    REFUSED
  }

  LoginPhase(Session session) {
    this.session = session;
  }

  @Override
  public void onServer(ByteBuf in) {
    fromServer.add(in);
    while (true) {
      limit(fromServer);
      ByteBuf packet = fromServer.takePacket();
      if (packet == null) {
        return;
      }
      renumber(packet, -shift);
      sequence = sequenceOf(packet) + 1;
      int first =
          packet.readableBytes() > Frames.HEADER
              ? packet.getUnsignedByte(packet.readerIndex() + Frames.HEADER)
              : -1;
      if (understood(packet, first)) {
        loggedIn(packet);
        return;
      }
      session.client().write(packet);
      pump();
    }
  }

  private static void limit(Input input) {
    if (input.packetLength() > LONGEST_PACKET) {
      throw new MalformedPacketException("a packet of the login is too long");
    }
  }

  /** Returns whether the login succeeded with this packet, which is released if it is malformed. */
  private boolean understood(ByteBuf packet, int first) {
    try {
      if (stage == Stage.GREETING) {
        greeting(packet, first);
      }
      return stage == Stage.AUTHENTICATION && authentication(packet);
    } catch (MalformedPacketException e) {
      packet.release();
      throw e;
    }
  }

  private void greeting(ByteBuf packet, int first) {
    if (first == ErrPacket.HEADER) {
      refused();
    } else {
      ByteBuf payload = packet.slice().skipBytes(Frames.HEADER);
      Handshake.hideUnknown(payload);
      handshake = Handshake.decode(payload);
      stage = Stage.RESPONSE;
    }
  }

  /** Returns whether the login succeeded with this packet. */
  private boolean authentication(ByteBuf packet) {
    scanner.next(packet.duplicate());
    return switch (tracker.packet(scanner)) {
      case DONE -> {
        if (tracker.end().error() == 0) {
          yield true;
        }
        refused();
        yield false;
      }
      case CLIENT_SENDS_PACKET -> {
        turns++;
        yield false;
      }
      case CLIENT_SENDS_FILE, MORE -> false;
    };
  }

  private void refused() {
    stage = Stage.REFUSED;
    session.context().metrics().loginFailures.increment();
  }

  private void loggedIn(ByteBuf ok) {
    Handshake server = Objects.requireNonNull(handshake);
    HandshakeResponse client = Objects.requireNonNull(response);
    long capabilities = server.capabilities() & client.capabilities();
    SessionState state =
        new SessionState(
            session.id(),
            session.client().address(),
            server,
            capabilities,
            Capabilities.has(capabilities, Capabilities.MULTI_STATEMENTS),
            client.user(),
            Capabilities.has(capabilities, Capabilities.CONNECT_WITH_DB) ? client.database() : "");
    state.apply(tracker.end());
    List<Plugin> plugins = new ArrayList<>();
    if (!open(state, plugins)) {
      int sequence = ok.getUnsignedByte(ok.readerIndex() + 3);
      ok.release();
      session
          .client()
          .write(SessionErrors.cannotObserve().encode(ByteBufAllocator.DEFAULT, sequence));
      session.close();
      return;
    }
    session.client().write(ok);
    startCompression();
    session.loggedIn();
    Phase next = new CommandPhase(session, state, plugins);
    session.enter(next);
    try {
      if (!fromServer.isEmpty()) {
        next.onServer(fromServer.takeAll());
      }
      if (!fromClient.isEmpty()) {
        session.phase().onClient(fromClient.takeAll());
      }
    } finally {
      end();
    }
  }

  /** From behind the OK on; "Compression" in the manual. */
  private void startCompression() {
    if (compression == null) {
      return;
    }
    session.client().startCompression(compression, fromClient.takeAll());
    if (compressToMysql()) {
      session.backend().startCompression(compression, fromServer.takeAll());
    }
  }

  private boolean compressToMysql() {
    return session.context().settings().legs().compressToMysql();
  }

  /** MySQL does not hear of the client's compression unless it is to do the same. */
  private void removeCompression(ByteBuf packet) {
    if (!compressToMysql()) {
      HandshakeResponse.removeCompression(packet);
    }
  }

  private boolean open(SessionState state, List<Plugin> plugins) {
    for (InterceptorFactory<?> factory : session.context().plugins()) {
      try {
        plugins.add(new Plugin(factory.name(), factory.open(state)));
      } catch (RuntimeException e) {
        session.context().metrics().pluginFailed(factory.name(), "open");
        LOGGER
            .atError()
            .addKeyValue("sessionId", session.id())
            .addKeyValue("plugin", factory.name())
            .setCause(e)
            .log("a plugin could not open a session; the client is refused");
        plugins.forEach(p -> p.interceptor().closed());
        return false;
      }
    }
    return true;
  }

  @Override
  public void onClient(ByteBuf in) {
    fromClient.add(in);
    try {
      pump();
    } catch (MalformedPacketException e) {
      session.client().write(SessionErrors.badHandshake().encode(ByteBufAllocator.DEFAULT, 2));
      throw e;
    }
  }

  private void pump() {
    limit(fromClient);
    while (stage == Stage.RESPONSE || (stage == Stage.AUTHENTICATION && turns > 0)) {
      ByteBuf packet = fromClient.takePacket();
      if (packet == null) {
        return;
      }
      sequence = sequenceOf(packet) + 1;
      if (stage == Stage.RESPONSE) {
        response(packet);
      } else {
        turns--;
        renumber(packet, shift);
        session.backend().write(packet);
      }
    }
  }

  private void response(ByteBuf packet) {
    ByteBuf payload = packet.slice().skipBytes(Frames.HEADER);
    try {
      long wanted = HandshakeResponse.capabilities(payload);
      long offered = Objects.requireNonNull(handshake).capabilities();
      if ((wanted & ~offered & Compression.FLAGS) != 0) {
        throw new MalformedPacketException("the client compresses although that was not offered");
      }
      if (payload.readableBytes() == HandshakeResponse.SSL_REQUEST) {
        if (!Capabilities.has(wanted & offered, Capabilities.SSL)) {
          throw new MalformedPacketException("the client starts TLS although it was not offered");
        }
        removeCompression(packet);
        session.backend().write(packet.retain());
        session.backend().flush();
        session.backend().startTls(Unpooled.EMPTY_BUFFER);
        clientTls = true;
        session.client().startTls(fromClient.takeAll());
        return;
      }
      HandshakeResponse decoded = HandshakeResponse.decode(payload);
      Compression agreed = Compression.agreed(wanted, decoded.zstdLevel());
      if (agreed != null && !agreed.valid()) {
        refuse(SessionErrors.badCompressionLevel(), "compression-level");
        return;
      }
      removeCompression(packet);
      if (!clientTls && !secureWithoutTls(packet, offered)) {
        return;
      }
      response = decoded;
      compression = agreed;
      tracker = new AnswerTracker(offered & decoded.capabilities());
      tracker.begin(AnswerShape.AUTHENTICATION, Capture.NOTHING);
      stage = Stage.AUTHENTICATION;
      session.backend().write(packet.retain());
    } finally {
      packet.release();
    }
  }

  /**
   * Whether a client may log in without TLS. On a unix socket it may, and may even send its
   * password in clear; so the leg to MySQL must be a socket too, or is put under TLS.
   */
  private boolean secureWithoutTls(ByteBuf packet, long offered) {
    if (!session.client().local()) {
      if (session.context().settings().legs().requireTls()) {
        refuse(SessionErrors.insecureTransport(), "require-tls");
        return false;
      }
      return true;
    }
    if (!session.backend().local()) {
      if (!Capabilities.has(offered, Capabilities.SSL)) {
        refuse(SessionErrors.insecureMysqlLeg(), "insecure-mysql-leg");
        return false;
      }
      startTlsToMysql(packet);
    }
    return true;
  }

  /** Sends MySQL the SSLRequest that the client did not send; see "Protocol::SSLRequest". */
  private void startTlsToMysql(ByteBuf packet) {
    int flags = packet.readerIndex() + Frames.HEADER;
    packet.setIntLE(flags, packet.getIntLE(flags) | (int) Capabilities.SSL);
    ByteBuf request =
        ByteBufAllocator.DEFAULT.buffer(Frames.HEADER + HandshakeResponse.SSL_REQUEST);
    Frames.writeHeader(request, HandshakeResponse.SSL_REQUEST, sequenceOf(packet));
    request.writeBytes(packet, flags, HandshakeResponse.SSL_REQUEST);
    session.backend().write(request);
    session.backend().flush();
    session.backend().startTls(Unpooled.EMPTY_BUFFER);
    shift = 1;
    renumber(packet, shift);
  }

  private void refuse(ErrPacket error, String reason) {
    stage = Stage.REFUSED;
    session.context().metrics().loginRefused(reason);
    session.client().write(error.encode(ByteBufAllocator.DEFAULT, sequence & 0xFF));
    session.close();
  }

  private static int sequenceOf(ByteBuf packet) {
    return packet.getUnsignedByte(packet.readerIndex() + 3);
  }

  private static void renumber(ByteBuf packet, int by) {
    if (by != 0) {
      packet.setByte(packet.readerIndex() + 3, sequenceOf(packet) + by);
    }
  }

  @Override
  public boolean loginTimeUp() {
    boolean clientsTurn = stage == Stage.RESPONSE || (stage == Stage.AUTHENTICATION && turns > 0);
    if (clientsTurn) {
      if (fromClient.packetLength() >= 0) {
        sequence = sequenceOf(fromClient.bytes()) + 1;
      }
      refuse(SessionErrors.loginTimeUp(), "time");
    }
    return clientsTurn;
  }

  @Override
  public boolean wantsClient() {
    return stage == Stage.RESPONSE || turns > 0 || fromClient.isEmpty();
  }

  @Override
  public boolean idle() {
    return false;
  }

  @Override
  public void end() {
    fromClient.release();
    fromServer.release();
  }
}
