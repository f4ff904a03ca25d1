package io.crossfade.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Sends one statement after the other, as fast as they are answered. On the event loop. */
final class StatementHandler extends ChannelInboundHandlerAdapter {
  private final Channel channel;
  private final StatementEncoder encoder;
  private final ResponseScanner scanner;
  private final StatementSource source;
  private final Meter meter;
  private long sent;
  private boolean busy;

  StatementHandler(
      Channel channel, StatementEncoder encoder, boolean eofDeprecated, Client client) {
    this.channel = channel;
    this.encoder = encoder;
    this.scanner = new ResponseScanner(eofDeprecated);
    this.source = client.source();
    this.meter = client.meter();
  }

  Channel channel() {
    return channel;
  }

  /** Begins, unless the connection is lost. */
  void start() {
    if (channel.isActive()) {
      send(System.nanoTime());
    } else {
      meter.error("the connection was lost");
    }
  }

  private void send(long now) {
    source.next();
    sent = now;
    busy = true;
    meter.began();
    channel.writeAndFlush(encoder.encode(channel.alloc(), source), channel.voidPromise());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      int start = in.readerIndex();
      if (scanner.scan(in)) {
        answered(in, start);
      }
    } finally {
      in.release();
    }
  }

  private void answered(ByteBuf in, int start) {
    if (!busy || in.isReadable()) {
      meter.error("bytes that belong to no statement");
      channel.close();
      return;
    }
    busy = false;
    meter.ended();
    long now = System.nanoTime();
    boolean running = meter.running(now);
    if (scanner.failed()) {
      meter.error(errorText(in, start));
    } else if (running) {
      meter.record(now - sent);
    }
    if (running) {
      send(now);
    }
  }

  /** Best effort: an error nearly always comes in one piece. */
  private static String errorText(ByteBuf in, int start) {
    int length = in.writerIndex() - start;
    return length > 13 && in.getUnsignedByte(start + 4) == 0xFF
        ? LoginHandler.error(in.slice(start + 4, length - 4))
        : "an error in the middle of a result";
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (busy) {
      busy = false;
      meter.ended();
      meter.error("the connection was lost");
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    meter.error(String.valueOf(cause));
    ctx.close();
  }
}
