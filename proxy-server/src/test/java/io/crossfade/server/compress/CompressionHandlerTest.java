package io.crossfade.server.compress;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.server.frame.Frames;
import io.crossfade.server.protocol.Compression;
import io.crossfade.server.protocol.Compression.Algorithm;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The handler between two ends that are only memory. */
class CompressionHandlerTest {
  /** MySQL 8.0.31's answer to {@code SELECT 1}, zlib. */
  private static final String MYSQL_ZLIB =
      "34000001380000"
          + "789c636460606414676060624e494d6300720c1978ec1998802c8e4620c1c0cac0c0fc0f280d12626134"
          + "047259c15c0079dd04a1";

  private static final String SELECT_1 =
      "0100000101"
          + "17000002036465660000000131000c3f0002000000088100000000"
          + "05000003fe00000200"
          + "020000040131"
          + "05000005fe00000200";

  private static Compression compression(Algorithm algorithm) {
    return new Compression(algorithm, algorithm == Algorithm.ZLIB ? 6 : 3);
  }

  private static EmbeddedChannel towardsClient(Algorithm algorithm) {
    return new EmbeddedChannel(
        CompressionHandler.towardsClient(compression(algorithm), Unpooled.EMPTY_BUFFER));
  }

  private static EmbeddedChannel towardsMySql(Algorithm algorithm) {
    return new EmbeddedChannel(
        CompressionHandler.towardsMySql(compression(algorithm), Unpooled.EMPTY_BUFFER));
  }

  private static byte[] packet(int sequence, byte[] payload) {
    ByteBuf b = Unpooled.buffer();
    Frames.write(b, sequence, payload);
    return ByteBufUtil.getBytes(b);
  }

  private static byte[] command(String sql) {
    return packet(0, ("\3" + sql).getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] taken(ByteBuf b) {
    try {
      return ByteBufUtil.getBytes(b);
    } finally {
      b.release();
    }
  }

  private static byte[] received(EmbeddedChannel channel) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (ByteBuf b = channel.readInbound(); b != null; b = channel.readInbound()) {
      all.writeBytes(taken(b));
    }
    return all.toByteArray();
  }

  /** All that can be had, asked for as the session does. */
  private static byte[] receivedOnDemand(EmbeddedChannel channel) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] part = received(channel);
    int idle = 0;
    while (idle < 2) {
      all.writeBytes(part);
      channel.read();
      channel.runPendingTasks();
      part = received(channel);
      idle = part.length == 0 ? idle + 1 : 0;
    }
    return all.toByteArray();
  }

  private static byte[] sent(EmbeddedChannel channel, byte[]... packets) {
    for (byte[] packet : packets) {
      channel.write(Unpooled.wrappedBuffer(packet), channel.voidPromise());
    }
    channel.flushOutbound();
    return out(channel);
  }

  private static byte[] out(EmbeddedChannel channel) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (ByteBuf b = channel.readOutbound(); b != null; b = channel.readOutbound()) {
      all.writeBytes(taken(b));
    }
    return all.toByteArray();
  }

  private static List<Integer> numbers(byte[] compressed) {
    List<Integer> numbers = new ArrayList<>();
    for (int at = 0; at < compressed.length; ) {
      numbers.add(compressed[at + 3] & 0xFF);
      at +=
          CompressedHeader.LENGTH
              + ((compressed[at] & 0xFF)
                  | (compressed[at + 1] & 0xFF) << 8
                  | (compressed[at + 2] & 0xFF) << 16);
    }
    return numbers;
  }

  private static byte[] compressed(int number, int plainLength, byte[] content) {
    ByteBuf b = Unpooled.buffer();
    CompressedHeader.write(b, content.length, number, plainLength);
    b.writeBytes(content);
    return ByteBufUtil.getBytes(b);
  }

  private static byte[] zlib(byte[] plain) {
    Deflater deflater = new Deflater();
    try {
      deflater.setInput(plain);
      deflater.finish();
      byte[] out = new byte[plain.length + 64];
      return Arrays.copyOf(out, deflater.deflate(out));
    } finally {
      deflater.end();
    }
  }

  @Test
  void readsWhatMySqlSends() {
    EmbeddedChannel channel = towardsMySql(Algorithm.ZLIB);
    channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(MYSQL_ZLIB)));
    assertThat(ByteBufUtil.hexDump(received(channel))).isEqualTo(SELECT_1);
    channel.finishAndReleaseAll();
  }

  @Test
  void compressesAsMySqlDoes() {
    EmbeddedChannel channel = towardsClient(Algorithm.ZLIB);
    channel.writeInbound(Unpooled.wrappedBuffer(compressed(0, 0, command("SELECT 1"))));
    received(channel);
    byte[] answer = sent(channel, HexFormat.of().parseHex(SELECT_1));
    assertThat(ByteBufUtil.hexDump(answer)).isEqualTo(MYSQL_ZLIB);
    channel.finishAndReleaseAll();
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void sendsLittleAsItIs(Algorithm algorithm) {
    EmbeddedChannel channel = towardsMySql(algorithm);
    byte[] small = packet(0, new byte[45]);
    byte[] large = packet(0, new byte[46]);
    assertThat(sent(channel, small)).isEqualTo(compressed(0, 0, small));
    assertThat(sent(channel, large)[4]).isEqualTo((byte) 50);
    channel.finishAndReleaseAll();
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void sendsWhatDoesNotGetShorterAsItIs(Algorithm algorithm) {
    EmbeddedChannel channel = towardsMySql(algorithm);
    byte[] noise = new byte[500];
    new Random(1).nextBytes(noise);
    byte[] packet = packet(0, noise);
    assertThat(sent(channel, packet)).isEqualTo(compressed(0, 0, packet));
    channel.finishAndReleaseAll();
  }

  @Property(tries = 40)
  void whatOneEndSendsTheOtherReceivesHoweverItIsCut(
      @ForAll Algorithm algorithm,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int writes,
      @ForAll @IntRange(min = 1, max = 30) int reads) {
    Random random = new Random(seed);
    EmbeddedChannel from = towardsMySql(algorithm);
    EmbeddedChannel to = towardsClient(algorithm);
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    for (int i = random.nextInt(10); i >= 0; i--) {
      byte[] payload = new byte[random.nextInt(4) == 0 ? 1 + random.nextInt(90_000) : 1];
      if (random.nextBoolean()) {
        random.nextBytes(payload);
      }
      payload[0] = 3;
      plain.writeBytes(packet(0, payload));
    }
    ByteBuf source = Unpooled.wrappedBuffer(plain.toByteArray());
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    while (source.isReadable()) {
      int length =
          Math.min(source.readableBytes(), 1 + random.nextInt(1 + 2 * plain.size() / writes));
      wire.writeBytes(sent(from, ByteBufUtil.getBytes(source.readSlice(length))));
    }
    ByteBuf arriving = Unpooled.wrappedBuffer(wire.toByteArray());
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    while (arriving.isReadable()) {
      int length =
          Math.min(arriving.readableBytes(), 1 + random.nextInt(1 + 2 * wire.size() / reads));
      ByteBuf piece = random.nextBoolean() ? to.alloc().directBuffer() : to.alloc().heapBuffer();
      to.writeInbound(piece.writeBytes(arriving.readSlice(length)));
      seen.writeBytes(receivedOnDemand(to));
    }
    assertThat(seen.toByteArray()).isEqualTo(plain.toByteArray());
    from.finishAndReleaseAll();
    to.finishAndReleaseAll();
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void carriesAPacketOfSeveralParts(Algorithm algorithm) {
    EmbeddedChannel from = towardsMySql(algorithm);
    EmbeddedChannel to = towardsClient(algorithm);
    byte[] payload = new byte[Frames.MAX_PAYLOAD + 5];
    Arrays.fill(payload, (byte) 3);
    byte[] packets = packet(0, payload);
    to.writeInbound(Unpooled.wrappedBuffer(sent(from, packets)));
    assertThat(receivedOnDemand(to)).isEqualTo(packets);
    // MySQL answers with the sequence id after the second part's; the number after the last one's.
    byte[] ok = packet(2, new byte[7]);
    int last = (packets.length + CompressedEncoder.PIECE - 1) / CompressedEncoder.PIECE - 1;
    assertThat(numbers(sent(to, ok))).containsExactly((last + 1) & 0xFF);
    from.finishAndReleaseAll();
    to.finishAndReleaseAll();
  }

  @Test
  void countsAnAnswerOnFromItsCommand() {
    EmbeddedChannel channel = towardsClient(Algorithm.ZLIB);
    byte[] command = command("SELECT 1");
    channel.writeInbound(
        Unpooled.wrappedBuffer(
            compressed(0, 0, Arrays.copyOf(command, 6)),
            compressed(1, 0, Arrays.copyOfRange(command, 6, command.length))));
    assertThat(received(channel)).isEqualTo(command);
    assertThat(numbers(sent(channel, packet(1, new byte[1])))).containsExactly(2);
    assertThat(numbers(sent(channel, packet(2, new byte[1])))).containsExactly(3);
    channel.writeInbound(Unpooled.wrappedBuffer(compressed(0, 0, command)));
    assertThat(numbers(sent(channel, packet(1, new byte[1])))).containsExactly(1);
    channel.finishAndReleaseAll();
  }

  @Test
  void countsTheAnswersOfCommandsSentAtOnce() {
    EmbeddedChannel channel = towardsClient(Algorithm.ZLIB);
    byte[] close = packet(0, new byte[] {0x19, 1, 0, 0, 0});
    for (byte[] command : List.of(close, command("SELECT 1"), close, command("SELECT 2"))) {
      channel.writeInbound(Unpooled.wrappedBuffer(compressed(0, 0, command)));
    }
    byte[] first = packet(1, new byte[30]);
    byte[] second = packet(2, new byte[30]);
    assertThat(numbers(sent(channel, first, second, first, second))).containsExactly(1, 1);
    assertThat(numbers(sent(channel, packet(3, new byte[30])))).containsExactly(2);
    channel.finishAndReleaseAll();
  }

  @Test
  void aDialogueGoesOnWithTheSequenceIdsMySqlExpects() {
    EmbeddedChannel channel = towardsClient(Algorithm.ZLIB);
    channel.writeInbound(Unpooled.wrappedBuffer(compressed(0, 0, command("SELECT 1; LOAD"))));
    received(channel);
    // MySQL's packets 1 to 7, of which the last asks for a file.
    assertThat(numbers(sent(channel, packet(1, new byte[1]), packet(2, new byte[1]))))
        .containsExactly(1);
    for (int i = 3; i < 8; i++) {
      sent(channel, packet(i, new byte[1]));
    }
    byte[] data = packet(7, new byte[100]);
    channel.writeInbound(Unpooled.wrappedBuffer(compressed(7, 0, data)));
    assertThat(received(channel)).isEqualTo(packet(8, new byte[100]));
    channel.writeInbound(Unpooled.wrappedBuffer(compressed(8, 0, packet(8, new byte[0]))));
    assertThat(received(channel)).isEqualTo(packet(9, new byte[0]));
    assertThat(numbers(sent(channel, packet(10, new byte[7])))).containsExactly(9);
    channel.finishAndReleaseAll();
  }

  @Test
  void aClientsTurnInADialogueIsCountedOnFromMySqls() {
    EmbeddedChannel channel = towardsMySql(Algorithm.ZLIB);
    assertThat(numbers(sent(channel, command("LOAD DATA")))).containsExactly(0);
    channel.writeInbound(Unpooled.wrappedBuffer(compressed(1, 0, packet(1, new byte[1]))));
    assertThat(numbers(sent(channel, packet(2, new byte[1])))).containsExactly(2);
    assertThat(numbers(sent(channel, packet(3, new byte[0])))).containsExactly(3);
    channel.writeInbound(Unpooled.wrappedBuffer(compressed(4, 0, packet(4, new byte[7]))));
    assertThat(numbers(sent(channel, command("SELECT 1"), command("SELECT 2"))))
        .containsExactly(0, 0);
    channel.finishAndReleaseAll();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 255})
  void aPacketOutOfOrderIsAnsweredAsMySqlDoes(int number) throws Exception {
    EmbeddedChannel channel = new EmbeddedChannel(false, false);
    List<Throwable> failures = failuresOf(channel);
    channel.writeInbound(Unpooled.wrappedBuffer(compressed(number, 0, command("SELECT 1"))));
    channel.flushOutbound();
    assertThat(ByteBufUtil.hexDump(out(channel)))
        .isEqualTo(
            "25000000000000"
                + "21000000ff8404233038533031476f74207061636b657473206f7574206f66206f72646572");
    assertThat(failures).singleElement().isInstanceOf(OutOfOrderException.class);
    channel.finishAndReleaseAll();
  }

  private static List<Throwable> failuresOf(EmbeddedChannel channel) throws Exception {
    List<Throwable> failures = new ArrayList<>();
    channel
        .pipeline()
        .addLast(
            CompressionHandler.towardsClient(compression(Algorithm.ZLIB), Unpooled.EMPTY_BUFFER),
            new io.netty.channel.ChannelInboundHandlerAdapter() {
              @Override
              public void exceptionCaught(
                  io.netty.channel.ChannelHandlerContext ctx, Throwable cause) {
                failures.add(cause);
              }
            });
    channel.register();
    return failures;
  }

  @ParameterizedTest
  @CsvSource({"-1,0", "1,0", "0,1", "0,-1", "0,-5"})
  void wrongLengthsAreRefused(int plainOff, int lengthOff) throws Exception {
    EmbeddedChannel channel = new EmbeddedChannel(false, false);
    List<Throwable> failures = failuresOf(channel);
    byte[] plain = command("SELECT 1" + " ".repeat(300));
    byte[] content = zlib(plain);
    byte[] wire =
        compressed(0, plain.length + plainOff, Arrays.copyOf(content, content.length + lengthOff));
    channel.writeInbound(Unpooled.wrappedBuffer(wire));
    channel.flushOutbound();
    received(channel);
    assertThat(failures).singleElement().isInstanceOf(CompressionException.class);
    assertThat(new String(out(channel), StandardCharsets.US_ASCII))
        .contains("#08S01Couldn't uncompress communication packet");
    channel.writeInbound(Unpooled.wrappedBuffer(compressed(0, 0, command("SELECT 1"))));
    assertThat(received(channel)).isEmpty();
    channel.finishAndReleaseAll();
  }

  @Property(tries = 300)
  void garbageIsRefusedOrWaitedForAndNothingLeaks(
      @ForAll Algorithm algorithm, @ForAll byte[] garbage, @ForAll boolean framed) {
    EmbeddedChannel channel = towardsClient(algorithm);
    byte[] wire = framed ? compressed(0, 1000, garbage) : garbage;
    ByteBuf in = channel.alloc().directBuffer().writeBytes(wire);
    try {
      channel.writeInbound(in);
      if (framed && garbage.length > 40) {
        assertThat(channel.isOpen()).isTrue();
      }
    } catch (CompressionException e) {
      assertThat(in.refCnt()).isZero();
    }
    channel.finishAndReleaseAll();
    assertThat(in.refCnt()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void aBombIsDecompressedOnlyAsFarAsItIsAskedFor(Algorithm algorithm) {
    byte[] wire = sent(towardsMySql(algorithm), packet(0, new byte[Frames.MAX_PAYLOAD]));
    EmbeddedChannel channel = towardsClient(algorithm);
    channel.config().setAutoRead(false);
    ByteBuf in = Unpooled.wrappedBuffer(wire);
    assertThat(in.readableBytes()).isLessThan(100_000);
    channel.writeInbound(in);
    assertThat(received(channel).length)
        .isBetween(
            CompressionHandler.ON_DEMAND, CompressionHandler.ON_DEMAND + CompressedDecoder.PIECE);
    channel.runPendingTasks();
    assertThat(received(channel)).as("not before it is asked for").isEmpty();
    channel.read();
    channel.runPendingTasks();
    assertThat(received(channel).length)
        .isBetween(
            CompressionHandler.ON_DEMAND, CompressionHandler.ON_DEMAND + CompressedDecoder.PIECE);
    channel.close();
    channel.finishAndReleaseAll();
    assertThat(in.refCnt()).isZero();
  }

  @Test
  void whatWasReadBeforeCompressionBeganIsDecompressed() {
    byte[] command = command("SELECT 1");
    EmbeddedChannel channel =
        new EmbeddedChannel(
            CompressionHandler.towardsClient(
                compression(Algorithm.ZLIB), Unpooled.wrappedBuffer(compressed(0, 0, command))));
    channel.runPendingTasks();
    assertThat(received(channel)).isEqualTo(command);
    channel.finishAndReleaseAll();
  }

  @Test
  void whatMySqlSentLastStillArrivesWhenItIsGone() {
    EmbeddedChannel channel = towardsMySql(Algorithm.ZLIB);
    channel.config().setAutoRead(false);
    byte[] packets = packet(1, new byte[1 << 20]);
    byte[] wire = sent(towardsClientAfterACommand(), packets);
    channel.writeInbound(Unpooled.wrappedBuffer(wire));
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    seen.writeBytes(received(channel));
    assertThat(seen.size()).isLessThan(packets.length);
    channel.close();
    seen.writeBytes(received(channel));
    assertThat(seen.toByteArray()).isEqualTo(packets);
    channel.finishAndReleaseAll();
  }

  private static EmbeddedChannel towardsClientAfterACommand() {
    EmbeddedChannel channel = towardsClient(Algorithm.ZLIB);
    channel.writeInbound(Unpooled.wrappedBuffer(compressed(0, 0, command("SELECT 1"))));
    received(channel);
    return channel;
  }
}
