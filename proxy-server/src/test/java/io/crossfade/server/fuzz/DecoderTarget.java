package io.crossfade.server.fuzz;

import io.crossfade.server.protocol.BinaryValues;
import io.crossfade.server.protocol.ChangeUser;
import io.crossfade.server.protocol.ColumnDefinition;
import io.crossfade.server.protocol.EofPacket;
import io.crossfade.server.protocol.ErrPacket;
import io.crossfade.server.protocol.ExecuteRequest;
import io.crossfade.server.protocol.Handshake;
import io.crossfade.server.protocol.HandshakeResponse;
import io.crossfade.server.protocol.Lenenc;
import io.crossfade.server.protocol.MalformedPacketException;
import io.crossfade.server.protocol.OkPacket;
import io.crossfade.server.protocol.QueryText;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.Consumer;

/**
 * Every decoder of packets on a payload that is random or nearly right: it decodes, or says that
 * the packet is malformed, and never reads beyond the payload.
 */
public final class DecoderTarget {
  private DecoderTarget() {}

  /** One case. */
  public static void fuzzerTestOneInput(byte[] input) {
    Draw draw = new Draw(input);
    long capabilities = (long) draw.next() << 24 | (long) draw.next() << 16 | 0x8200 | draw.next();
    int parameters = draw.below(40);
    BitSet longData = new BitSet();
    longData.set(draw.below(8), draw.onceIn(2));
    int[] types = new int[draw.below(40)];
    Arrays.fill(types, draw.next() | draw.of(0, 0x8000));
    byte[] payload = payload(draw, capabilities);
    decode(payload, b -> Handshake.decode(b));
    decode(payload, b -> HandshakeResponse.decode(b));
    decode(payload, b -> ChangeUser.decode(b, capabilities));
    decode(payload, b -> OkPacket.decode(b, capabilities));
    decode(payload, ErrPacket::decode);
    decode(payload, EofPacket::decode);
    decode(payload, ColumnDefinition::decode);
    decode(payload, b -> BinaryValues.read(b, parameters, true, types, longData));
    decode(payload, b -> BinaryValues.read(b, parameters, false, types, longData));
    decode(payload, b -> ExecuteRequest.decode(b, capabilities, parameters, types, longData));
    decode(payload, DecoderTarget::lenenc);
    if (payload.length > 0) {
      decode(payload, b -> within(QueryText.start(b, capabilities), b));
    }
  }

  private static byte[] payload(Draw draw, long capabilities) {
    byte[] right =
        switch (draw.below(4)) {
          case 0 -> withoutHeader(Login.greeting());
          case 1 -> withoutHeader(Login.response(capabilities));
          case 2 -> withoutHeader(new Script(draw, capabilities, true, false).next().packet);
          default -> new byte[0];
        };
    for (int i = draw.below(6); i > 0 && right.length > 0; i--) {
      right[draw.below(right.length)] = (byte) draw.next();
    }
    int cut = draw.onceIn(3) ? draw.below(right.length + 1) : right.length;
    return new Wire().raw(Arrays.copyOf(right, cut)).raw(draw.bytes(300)).bytes();
  }

  private static byte[] withoutHeader(byte[] packet) {
    return Arrays.copyOfRange(packet, 4, packet.length);
  }

  private static void decode(byte[] payload, Consumer<ByteBuf> decoder) {
    // Room before and after: who reads there would not be noticed otherwise.
    ByteBuf all = Unpooled.buffer(payload.length + 16).writeZero(8).writeBytes(payload);
    ByteBuf in = all.slice(8, payload.length);
    try {
      decoder.accept(in);
    } catch (MalformedPacketException orderly) {
      // What a decoder is to say.
    }
    within(in.readerIndex(), in);
  }

  private static void within(int index, ByteBuf in) {
    if (index > in.writerIndex()) {
      throw new AssertionError("read beyond the payload");
    }
  }

  private static void lenenc(ByteBuf in) {
    long value = Lenenc.readInt(in);
    ByteBuf again = Unpooled.buffer(9);
    Lenenc.writeInt(again, value);
    if (Lenenc.readInt(again) != value || again.isReadable()) {
      throw new AssertionError("another number");
    }
    byte[] bytes = Lenenc.readBytes(in);
    ByteBuf copy = Unpooled.buffer();
    Lenenc.writeBytes(copy, bytes);
    if (!Arrays.equals(Lenenc.readBytes(copy), bytes)) {
      throw new AssertionError("other bytes");
    }
  }
}
