package io.crossfade.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Logs in and prepares the statements, then hands over to a {@link StatementHandler} in its place.
 * Slow and simple: it is not what is measured. On the channel's event loop.
 */
final class LoginHandler extends ChannelInboundHandlerAdapter {
  private static final int COM_STMT_PREPARE = 0x16;

  private enum Phase {
    GREETING,
    AUTHENTICATION,
    PREPARED,
    DEFINITIONS
  }

  private final Client client;
  private final Iterator<StatementKind> toPrepare;
  private final CompletableFuture<StatementHandler> done;
  private final Map<StatementKind, Integer> ids = new EnumMap<>(StatementKind.class);
  private final ByteBuf received = Unpooled.buffer(512);
  private Phase phase = Phase.GREETING;
  private StatementKind preparing = StatementKind.POINT;
  private int capabilities;
  private int definitions;

  /**
   * @param client who logs in, and what it does then
   * @param done completed when statements can be sent
   */
  LoginHandler(Client client, CompletableFuture<StatementHandler> done) {
    this.client = client;
    this.done = done;
    this.toPrepare =
        (client.mode() == Mode.PREPARED ? client.workload().statements() : List.<StatementKind>of())
            .iterator();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    received.writeBytes(in);
    in.release();
    while (!done.isDone()
        && received.readableBytes() >= 4
        && received.readableBytes() >= 4 + received.getUnsignedMediumLE(received.readerIndex())) {
      int length = received.readUnsignedMediumLE();
      int sequence = received.readUnsignedByte();
      packet(ctx, received.readSlice(length), sequence);
    }
    received.discardReadBytes();
  }

  private void packet(ChannelHandlerContext ctx, ByteBuf payload, int sequence) {
    int first = payload.getUnsignedByte(payload.readerIndex());
    if (first == 0xFF && phase != Phase.DEFINITIONS) {
      fail(ctx, new IOException(error(payload)));
      return;
    }
    switch (phase) {
      case GREETING -> greeting(ctx, payload, sequence);
      case AUTHENTICATION -> authentication(ctx, payload, sequence, first);
      case PREPARED -> {
        payload.skipBytes(1);
        ids.put(preparing, payload.readIntLE());
        definitions = definitions(payload.readUnsignedShortLE(), payload.readUnsignedShortLE());
        phase = Phase.DEFINITIONS;
        if (definitions == 0) {
          prepareNext(ctx);
        }
      }
      case DEFINITIONS -> {
        definitions--;
        if (definitions == 0) {
          prepareNext(ctx);
        }
      }
    }
  }

  private void greeting(ChannelHandlerContext ctx, ByteBuf payload, int sequence) {
    Login.Greeting greeting = Login.greeting(payload);
    capabilities = Login.capabilities(greeting);
    ByteBuf out = ctx.alloc().buffer();
    Login.writeResponse(out, greeting, client.user(), client.password(), client.schema());
    phase = Phase.AUTHENTICATION;
    send(ctx, out, sequence + 1);
  }

  private void authentication(ChannelHandlerContext ctx, ByteBuf payload, int sequence, int first) {
    if (first == 0) {
      prepareNext(ctx);
      return;
    }
    if (first != 0xFE) {
      fail(ctx, new IOException("unexpected packet " + first + " while logging in"));
      return;
    }
    payload.skipBytes(1);
    int end = payload.bytesBefore((byte) 0);
    String plugin = payload.readCharSequence(end, StandardCharsets.US_ASCII).toString();
    if (!plugin.equals(Login.PLUGIN)) {
      fail(ctx, new IOException("the server asks for " + plugin + ", not " + Login.PLUGIN));
      return;
    }
    payload.skipBytes(1);
    byte[] scramble = new byte[20];
    payload.readBytes(scramble);
    send(ctx, Unpooled.wrappedBuffer(Login.proof(client.password(), scramble)), sequence + 1);
  }

  private int definitions(int columns, int parameters) {
    int eofs = eofDeprecated() ? 0 : Integer.signum(columns) + Integer.signum(parameters);
    return columns + parameters + eofs;
  }

  private boolean eofDeprecated() {
    return (capabilities & Login.DEPRECATE_EOF) != 0;
  }

  private void prepareNext(ChannelHandlerContext ctx) {
    if (toPrepare.hasNext()) {
      preparing = toPrepare.next();
      phase = Phase.PREPARED;
      ByteBuf out = ctx.alloc().buffer();
      out.writeByte(COM_STMT_PREPARE);
      out.writeCharSequence(preparing.sql(), StandardCharsets.US_ASCII);
      send(ctx, out, 0);
      return;
    }
    StatementEncoder encoder =
        client.mode() == Mode.PREPARED ? StatementEncoder.prepared(ids) : client.textEncoder();
    StatementHandler next = new StatementHandler(ctx.channel(), encoder, eofDeprecated(), client);
    ctx.pipeline().replace(this, null, next);
    done.complete(next);
  }

  private static void send(ChannelHandlerContext ctx, ByteBuf payload, int sequence) {
    ByteBuf header = ctx.alloc().buffer(4);
    header.writeMediumLE(payload.readableBytes());
    header.writeByte(sequence);
    ctx.write(header, ctx.voidPromise());
    ctx.writeAndFlush(payload, ctx.voidPromise());
  }

  /** Code and message of an ERR packet. */
  static String error(ByteBuf payload) {
    int code = payload.getUnsignedShortLE(payload.readerIndex() + 1);
    String text =
        payload.toString(
            payload.readerIndex() + 3, payload.readableBytes() - 3, StandardCharsets.UTF_8);
    return "error " + code + ": " + text;
  }

  private void fail(ChannelHandlerContext ctx, Throwable cause) {
    done.completeExceptionally(cause);
    ctx.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    done.completeExceptionally(new IOException("the connection was closed while logging in"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(ctx, cause);
  }
}
