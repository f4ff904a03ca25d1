package io.crossfade.server.compress;

import io.crossfade.server.protocol.Compression;
import io.crossfade.server.protocol.ErrPacket;
import io.crossfade.server.protocol.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Ends compression on one leg: what is nearer to the session sees packets, the other side
 * compressed packets. Added when the login is over.
 *
 * <p>A little input can decompress to a lot, so output is given on demand: for each time the
 * session asks for more, about {@link #ON_DEMAND} bytes; input beyond that waits, and no more of it
 * is read from the socket meanwhile. What is written is compressed at once, so that the channel's
 * writability counts compressed bytes.
 */
public final class CompressionHandler extends ChannelDuplexHandler {
  /** Bytes given out for each read. */
  static final int ON_DEMAND = 1 << 17;

  /** What a side that is gone may have left behind. */
  private static final int AT_THE_END = 1 << 24;

  private final boolean server;
  private final CompressedDecoder decoder;
  private final CompressedEncoder encoder;
  private final Deque<ByteBuf> input = new ArrayDeque<>();
  private int demand = ON_DEMAND;
  private boolean scheduled;
  private boolean ended;
  private @Nullable ByteBuf early;

  private CompressionHandler(
      Compression compression, Numbering numbering, boolean server, ByteBuf early) {
    this.server = server;
    this.early = early;
    decoder = new CompressedDecoder(compression.algorithm(), numbering);
    encoder = new CompressedEncoder(compression, numbering);
  }

  /**
   * For the leg to a client.
   *
   * @param early bytes that were read already; their reference is taken over
   */
  public static CompressionHandler towardsClient(Compression compression, ByteBuf early) {
    return new CompressionHandler(compression, new ServerNumbering(), true, early);
  }

  /**
   * For the leg to MySQL.
   *
   * @param early bytes that were read already; their reference is taken over
   */
  public static CompressionHandler towardsMySql(Compression compression, ByteBuf early) {
    return new CompressionHandler(compression, new ClientNumbering(), false, early);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ByteBuf first = early;
    early = null;
    if (first != null && first.isReadable()) {
      input.add(first);
      schedule(ctx);
    } else if (first != null) {
      first.release();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (ended) {
      ((ByteBuf) message).release();
      return;
    }
    input.add((ByteBuf) message);
    decode(ctx);
  }

  @Override
  public void read(ChannelHandlerContext ctx) {
    demand = ON_DEMAND;
    if (ended || (input.isEmpty() && !decoder.outputLeft())) {
      ctx.read();
    } else {
      schedule(ctx);
    }
  }

  /** Not at once: the session asks from within what it is given. */
  private void schedule(ChannelHandlerContext ctx) {
    if (!scheduled) {
      scheduled = true;
      ctx.executor()
          .execute(
              () -> {
                scheduled = false;
                if (!ended) {
                  decode(ctx);
                  ctx.fireChannelReadComplete();
                }
              });
    }
  }

  private void decode(ChannelHandlerContext ctx) {
    try {
      while (demand > 0 && (!input.isEmpty() || decoder.outputLeft())) {
        ByteBuf piece = next(ctx);
        if (piece != null) {
          demand -= piece.readableBytes();
          ctx.fireChannelRead(piece);
        }
      }
    } catch (MalformedPacketException e) {
      refuse(ctx, e);
    }
  }

  private @Nullable ByteBuf next(ChannelHandlerContext ctx) {
    ByteBuf in = input.peek();
    ByteBuf piece = decoder.next(in == null ? Unpooled.EMPTY_BUFFER : in, ctx.alloc());
    if (in != null && !in.isReadable()) {
      input.remove().release();
    }
    return piece;
  }

  /** MySQL says so too when packets are out of order; else it is silent, which helps nobody. */
  private void refuse(ChannelHandlerContext ctx, MalformedPacketException cause) {
    end();
    if (server && encoder.atBoundary()) {
      boolean order = cause instanceof OutOfOrderException;
      encoder.renumber(ctx, order ? 0 : 1);
      encoder.write(
          ctx,
          order
              ? new ErrPacket(1156, "08S01", "Got packets out of order").encode(ctx.alloc(), 0)
              : new ErrPacket(1157, "08S01", "Couldn't uncompress communication packet")
                  .encode(ctx.alloc(), 1));
    }
    ctx.fireExceptionCaught(cause);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    encoder.write(ctx, (ByteBuf) message);
    if (!promise.isVoid()) {
      encoder.emit(ctx, promise);
    }
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    encoder.emit(ctx, ctx.voidPromise());
    ctx.flush();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!ended) {
      demand = AT_THE_END;
      decode(ctx);
      end();
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    end();
    encoder.close();
  }

  private void end() {
    ended = true;
    decoder.close();
    input.forEach(ByteBuf::release);
    input.clear();
  }
}
