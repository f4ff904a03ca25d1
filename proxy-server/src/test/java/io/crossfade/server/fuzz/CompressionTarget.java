package io.crossfade.server.fuzz;

import io.crossfade.server.compress.CompressionHandler;
import io.crossfade.server.protocol.Compression;
import io.crossfade.server.protocol.Compression.Algorithm;
import io.crossfade.server.protocol.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Compressed legs: what one end compresses the other gets back, however it is cut; what is broken
 * on its way is refused in order, and nothing is left behind.
 */
public final class CompressionTarget {
  private static final int LONGEST = 3_000;

  private final Draw draw;
  private final Compression compression;

  private CompressionTarget(byte[] input) {
    draw = new Draw(input);
    compression =
        draw.onceIn(2)
            ? new Compression(Algorithm.ZSTD, 1 + draw.below(5))
            : new Compression(Algorithm.ZLIB, 6);
  }

  /** One case. */
  public static void fuzzerTestOneInput(byte[] input) {
    Direct.leavesNothing(() -> new CompressionTarget(input).run());
  }

  private void run() {
    boolean broken = draw.onceIn(2);
    byte[] plain = packets();
    byte[] sent = compressed(plain);
    if (broken) {
      sent = draw.onceIn(3) ? draw.bytes(200) : damaged(sent);
    }
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    EmbeddedChannel channel =
        new EmbeddedChannel(CompressionHandler.towardsClient(compression, Unpooled.EMPTY_BUFFER));
    boolean refused = false;
    for (int at = 0; at < sent.length && !refused; ) {
      int end = Math.min(sent.length, at + (draw.more() ? 1 + draw.below(400) : sent.length));
      ByteBuf in = ByteBufAllocator.DEFAULT.buffer();
      in.writeBytes(sent, at, end - at);
      at = end;
      refused = !give(channel, in, got);
    }
    refused |= !finish(channel);
    if (!broken && (refused || !Arrays.equals(got.toByteArray(), plain))) {
      throw new AssertionError("what arrives is not what was sent");
    }
  }

  /** Commands, each with the sequence ids of its own. */
  private byte[] packets() {
    Wire all = new Wire();
    int commands = 1 + draw.below(5);
    for (int i = 0; i < commands; i++) {
      byte[] payload = new byte[1 + draw.below(LONGEST)];
      Arrays.fill(payload, (byte) draw.next());
      payload[0] = 3;
      byte[] some = draw.bytes(40);
      System.arraycopy(
          some,
          0,
          payload,
          payload.length - Math.min(some.length, payload.length - 1),
          Math.min(some.length, payload.length - 1));
      all.packet(0, payload);
    }
    return all.bytes();
  }

  private byte[] compressed(byte[] plain) {
    EmbeddedChannel channel =
        new EmbeddedChannel(CompressionHandler.towardsMySql(compression, Unpooled.EMPTY_BUFFER));
    for (int at = 0; at < plain.length; ) {
      int end = Math.min(plain.length, at + (draw.more() ? 1 + draw.below(900) : plain.length));
      channel.writeOneOutbound(Unpooled.wrappedBuffer(Arrays.copyOfRange(plain, at, end)));
      if (draw.onceIn(3)) {
        channel.flushOutbound();
      }
      at = end;
    }
    channel.flushOutbound();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    drain(channel, out, false);
    channel.finishAndReleaseAll();
    return out.toByteArray();
  }

  private byte[] damaged(byte[] bytes) {
    byte[] out = bytes.clone();
    for (int i = 1 + draw.below(4); i > 0 && out.length > 0; i--) {
      out[draw.below(out.length)] = (byte) draw.next();
    }
    return out;
  }

  private static boolean give(EmbeddedChannel channel, ByteBuf in, ByteArrayOutputStream got) {
    try {
      channel.writeOneInbound(in);
      channel.flushInbound();
      for (int i = 0; i < 3; i++) {
        channel.read();
        channel.runPendingTasks();
        drain(channel, got, true);
      }
      channel.checkException();
      return true;
    } catch (MalformedPacketException orderly) {
      return false;
    }
  }

  private static boolean finish(EmbeddedChannel channel) {
    try {
      channel.finishAndReleaseAll();
      return true;
    } catch (MalformedPacketException orderly) {
      return false;
    }
  }

  private static void drain(EmbeddedChannel channel, ByteArrayOutputStream to, boolean inbound) {
    ByteBuf next = inbound ? channel.readInbound() : channel.readOutbound();
    while (next != null) {
      to.writeBytes(ByteBufUtil.getBytes(next));
      next.release();
      next = inbound ? channel.readInbound() : channel.readOutbound();
    }
  }
}
