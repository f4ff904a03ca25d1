package io.crossfade.server.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PacketScannerTest {
  @Property
  void findsThePacketsHoweverTheyAreCut(
      @ForAll @Size(max = 8) List<byte[]> payloads, @ForAll @IntRange(min = 1, max = 9) int piece) {
    ByteBuf stream = Unpooled.buffer();
    List<String> expected = new ArrayList<>();
    int sequence = 0;
    for (byte[] payload : payloads) {
      expected.add(sequence + ":" + ByteBufUtil.hexDump(payload));
      sequence = Frames.write(stream, sequence, payload);
    }
    assertThat(scan(stream, piece)).isEqualTo(expected);
    assertThat(scan(stream, Math.max(1, stream.readableBytes()))).isEqualTo(expected);
  }

  private static List<String> scan(ByteBuf stream, int piece) {
    PacketScanner scanner = new PacketScanner();
    List<String> seen = new ArrayList<>();
    for (int at = 0; at < stream.writerIndex(); at += piece) {
      ByteBuf in = stream.slice(at, Math.min(piece, stream.writerIndex() - at));
      while (scanner.next(in)) {
        seen.add(scanner.sequence() + ":" + ByteBufUtil.hexDump(scanner.payload()));
      }
      assertThat(in.isReadable()).isFalse();
    }
    assertThat(scanner.atBoundary()).isTrue();
    return seen;
  }

  @Property
  void skippingRowsLeavesOutNothingElse(
      @ForAll @Size(max = 8) List<byte[]> payloads,
      @ForAll @IntRange(min = 1, max = 30) int piece) {
    ByteBuf stream = Unpooled.buffer();
    List<String> others = new ArrayList<>();
    int sequence = 250;
    for (byte[] payload : payloads) {
      if (payload.length == 0 || (payload[0] & 0xFF) >= 0xFE) {
        others.add((sequence & 0xFF) + ":" + ByteBufUtil.hexDump(payload));
      }
      sequence = Frames.write(stream, sequence & 0xFF, payload);
    }
    PacketScanner scanner = new PacketScanner();
    List<String> seen = new ArrayList<>();
    for (int at = 0; at < stream.writerIndex(); at += piece) {
      ByteBuf in = stream.slice(at, Math.min(piece, stream.writerIndex() - at));
      scanner.skipRows(in);
      while (scanner.next(in)) {
        if (scanner.first() < 0 || scanner.first() >= 0xFE) {
          seen.add(scanner.sequence() + ":" + ByteBufUtil.hexDump(scanner.payload()));
        }
        scanner.skipRows(in);
      }
      assertThat(in.isReadable()).isFalse();
    }
    assertThat(scanner.atBoundary()).isTrue();
    assertThat(seen).isEqualTo(others);
    if (!payloads.isEmpty()) {
      assertThat(scanner.sequence()).isEqualTo((250 + payloads.size() - 1) & 0xFF);
    }
  }

  @Test
  void aContinuedRowIsNotSkipped() {
    ByteBuf stream = Unpooled.buffer();
    Frames.write(stream, 0, new byte[Frames.MAX_PAYLOAD + 1]);
    PacketScanner scanner = new PacketScanner();
    scanner.skipRows(stream);
    assertThat(scanner.next(stream)).isTrue();
    assertThat(scanner.continues()).isTrue();
    scanner.skipRows(stream);
    assertThat(scanner.next(stream)).isTrue();
    assertThat(scanner.continuation()).isTrue();
  }

  @Test
  void aPayloadOfExactlyTheLimitIsContinuedByAnEmptyPacket() {
    ByteBuf stream = Unpooled.buffer();
    byte[] payload = new byte[Frames.MAX_PAYLOAD];
    Arrays.fill(payload, (byte) 0xFE);
    assertThat(Frames.write(stream, 3, payload)).isEqualTo(5);
    PacketScanner scanner = new PacketScanner();
    assertThat(scanner.next(stream)).isTrue();
    assertThat(scanner.continues()).isTrue();
    assertThat(scanner.atBoundary()).isFalse();
    assertThat(scanner.next(stream)).isTrue();
    assertThat(scanner.length()).isZero();
    assertThat(scanner.continuation()).isTrue();
    assertThat(scanner.first()).isEqualTo(-1);
    assertThat(scanner.next(stream)).isFalse();
    assertThat(scanner.atBoundary()).isTrue();
  }

  @Test
  void keepsOnlyTheBeginningOfAPacketThatSpansPieces() {
    ByteBuf stream = Unpooled.buffer();
    Frames.write(stream, 0, new byte[] {1, 2, 3, 4, 5, 6});
    PacketScanner scanner = new PacketScanner();
    scanner.keep(2);
    assertThat(scanner.next(stream.readSlice(7))).isFalse();
    assertThat(scanner.next(stream)).isTrue();
    assertThat(scanner.length()).isEqualTo(6);
    assertThat(ByteBufUtil.getBytes(scanner.payload())).containsExactly(1, 2);
  }

  @Test
  void finishSplitsAPayloadThatWasWrittenInPlace() {
    byte[] payload = new byte[Frames.MAX_PAYLOAD + 10];
    ByteBuf inPlace = Unpooled.buffer();
    inPlace.writeZero(Frames.HEADER);
    inPlace.writeBytes(payload);
    ByteBuf written = Unpooled.buffer();
    assertThat(Frames.finish(inPlace, 0, 255)).isEqualTo(Frames.write(written, 255, payload));
    assertThat(inPlace).isEqualTo(written);
  }
}
