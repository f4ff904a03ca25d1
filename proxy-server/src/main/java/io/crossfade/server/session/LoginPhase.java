package io.crossfade.server.session;

import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.server.frame.Frames;
import io.crossfade.server.frame.PacketScanner;
import io.crossfade.server.protocol.AnswerShape;
import io.crossfade.server.protocol.AnswerTracker;
import io.crossfade.server.protocol.AnswerTracker.Capture;
import io.crossfade.server.protocol.Capabilities;
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
 * only masks capabilities, starts TLS on both legs when the client does, and remembers who logged
 * in.
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
  private @Nullable Handshake handshake;
  private @Nullable HandshakeResponse response;
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
  public Phase onServer(ByteBuf in) {
    fromServer.add(in);
    while (true) {
      ByteBuf packet = fromServer.takePacket();
      if (packet == null) {
        return this;
      }
      int first =
          packet.readableBytes() > Frames.HEADER
              ? packet.getUnsignedByte(packet.readerIndex() + Frames.HEADER)
              : -1;
      switch (stage) {
        case GREETING -> greeting(packet, first);
        case AUTHENTICATION -> {
          if (authentication(packet)) {
            return loggedIn(packet);
          }
          session.client().write(packet);
        }
        case RESPONSE, REFUSED -> session.client().write(packet);
      }
      pump();
    }
  }

  private void greeting(ByteBuf packet, int first) {
    if (first == ErrPacket.HEADER) {
      refused();
    } else {
      ByteBuf payload = packet.slice().skipBytes(Frames.HEADER);
      handshake = Handshake.decode(payload);
      Handshake.mask(payload, Capabilities.MASKED);
      stage = Stage.RESPONSE;
    }
    session.client().write(packet);
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

  private Phase loggedIn(ByteBuf ok) {
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
      return this;
    }
    session.client().write(ok);
    Phase next = new CommandPhase(session, state, plugins);
    if (!fromServer.isEmpty()) {
      next.onServer(fromServer.takeAll());
    }
    if (!fromClient.isEmpty()) {
      next.onClient(fromClient.takeAll());
    }
    return next;
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
  public Phase onClient(ByteBuf in) {
    fromClient.add(in);
    try {
      pump();
    } catch (MalformedPacketException e) {
      session.client().write(SessionErrors.badHandshake().encode(ByteBufAllocator.DEFAULT, 2));
      throw e;
    }
    return this;
  }

  private void pump() {
    if (fromClient.packetLength() > LONGEST_PACKET) {
      throw new MalformedPacketException("a packet of the login is too long");
    }
    while (stage == Stage.RESPONSE || (stage == Stage.AUTHENTICATION && turns > 0)) {
      ByteBuf packet = fromClient.takePacket();
      if (packet == null) {
        return;
      }
      if (stage == Stage.RESPONSE) {
        response(packet);
      } else {
        turns--;
        session.backend().write(packet);
      }
    }
  }

  private void response(ByteBuf packet) {
    ByteBuf payload = packet.slice().skipBytes(Frames.HEADER);
    try {
      long wanted = HandshakeResponse.capabilities(payload);
      long offered = Objects.requireNonNull(handshake).capabilities();
      if ((wanted & Capabilities.MASKED) != 0) {
        throw new MalformedPacketException("the client compresses although that was not offered");
      }
      if (payload.readableBytes() == HandshakeResponse.SSL_REQUEST) {
        if (!Capabilities.has(wanted & offered, Capabilities.SSL)) {
          throw new MalformedPacketException("the client starts TLS although it was not offered");
        }
        session.backend().write(packet.retain());
        session.backend().flush();
        session.backend().startTls(Unpooled.EMPTY_BUFFER);
        session.client().startTls(fromClient.takeAll());
        return;
      }
      HandshakeResponse decoded = HandshakeResponse.decode(payload);
      response = decoded;
      tracker = new AnswerTracker(offered & decoded.capabilities());
      tracker.begin(AnswerShape.AUTHENTICATION, Capture.NOTHING);
      stage = Stage.AUTHENTICATION;
      session.backend().write(packet.retain());
    } finally {
      packet.release();
    }
  }

  @Override
  public boolean wantsClient() {
    return stage == Stage.RESPONSE || turns > 0 || fromClient.isEmpty();
  }

  @Override
  public boolean idle() {
    return true;
  }

  @Override
  public void end() {
    fromClient.release();
    fromServer.release();
  }
}
