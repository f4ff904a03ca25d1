package io.crossfade.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoginPacketsTest {
  private static ByteBuf greeting(long capabilities) {
    ByteBuf b = Unpooled.buffer();
    b.writeByte(10);
    b.writeBytes("8.0.31\0".getBytes(StandardCharsets.US_ASCII));
    b.writeIntLE(77);
    b.writeZero(9);
    b.writeShortLE((int) capabilities);
    b.writeByte(255);
    b.writeShortLE(2);
    b.writeShortLE((int) (capabilities >> 16));
    b.writeZero(30);
    return b;
  }

  @Test
  void readsAGreeting() {
    long offered = 0xDFFF_FFFFL;
    ByteBuf packet = greeting(offered);
    Handshake handshake = Handshake.decode(packet);
    assertThat(handshake).isEqualTo(new Handshake("8.0.31", 77, offered, 2));
  }

  @Test
  void refusesAGreetingOfAnotherProtocol() {
    assertThatThrownBy(() -> Handshake.decode(Unpooled.wrappedBuffer(new byte[] {9, 0})))
        .isInstanceOf(MalformedPacketException.class);
    assertThatThrownBy(() -> Handshake.decode(greeting(0).slice(0, 20)))
        .isInstanceOf(MalformedPacketException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {Capabilities.SECURE_CONNECTION, Capabilities.PLUGIN_AUTH_LENENC_DATA, 0})
  void readsUserAndDatabaseHoweverTheProofIsWritten(long proof) {
    long capabilities = Capabilities.PROTOCOL_41 | Capabilities.CONNECT_WITH_DB | proof;
    ByteBuf b = Unpooled.buffer();
    b.writeIntLE((int) capabilities);
    b.writeIntLE(1 << 24);
    b.writeByte(45);
    b.writeZero(23);
    b.writeBytes("änne\0".getBytes(StandardCharsets.UTF_8));
    if (proof == 0) {
      b.writeBytes("abc\0".getBytes(StandardCharsets.US_ASCII));
    } else {
      b.writeByte(3);
      b.writeBytes(new byte[] {0, 1, 2});
    }
    b.writeBytes("shop\0plugin\0".getBytes(StandardCharsets.US_ASCII));
    assertThat(HandshakeResponse.decode(b))
        .isEqualTo(new HandshakeResponse(capabilities, 45, "änne", "shop", 0));
  }

  @Test
  void refusesAClientOlderThanFourOne() {
    assertThatThrownBy(() -> HandshakeResponse.decode(Unpooled.wrappedBuffer(new byte[40])))
        .isInstanceOf(MalformedPacketException.class)
        .hasMessageContaining("4.1");
  }

  @Test
  void readsAChangeOfUser() {
    ByteBuf b = Unpooled.buffer();
    b.writeByte(0x11);
    b.writeBytes("bob\0".getBytes(StandardCharsets.US_ASCII));
    b.writeByte(2);
    b.writeZero(2);
    b.writeBytes("db\0".getBytes(StandardCharsets.US_ASCII));
    assertThat(ChangeUser.decode(b, Capabilities.SECURE_CONNECTION))
        .isEqualTo(new ChangeUser("bob", "db"));
  }

  private static ByteBuf compressingResponse(long more, boolean level) {
    long capabilities =
        Capabilities.PROTOCOL_41 | Capabilities.SECURE_CONNECTION | Capabilities.SSL | more;
    ByteBuf b = Unpooled.buffer();
    b.writeZero(4);
    b.writeIntLE((int) capabilities);
    b.writeIntLE(1 << 24);
    b.writeByte(45);
    b.writeZero(23);
    b.writeBytes("anne\0\1x".getBytes(StandardCharsets.US_ASCII));
    if (Capabilities.has(more, Capabilities.CONNECT_WITH_DB)) {
      b.writeBytes("shop\0".getBytes(StandardCharsets.US_ASCII));
    }
    if (Capabilities.has(more, Capabilities.PLUGIN_AUTH)) {
      b.writeBytes("plugin\0".getBytes(StandardCharsets.US_ASCII));
    }
    if (Capabilities.has(more, Capabilities.CONNECT_ATTRS)) {
      b.writeBytes(new byte[] {4, 1, 'a', 1, 'b'});
    }
    if (level) {
      b.writeByte(7);
    }
    b.setMediumLE(0, b.readableBytes() - 4);
    b.setByte(3, 1);
    return b;
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        Capabilities.CONNECT_WITH_DB,
        Capabilities.PLUGIN_AUTH,
        Capabilities.CONNECT_ATTRS,
        Capabilities.CONNECT_WITH_DB | Capabilities.PLUGIN_AUTH | Capabilities.CONNECT_ATTRS
      })
  void takesCompressionOutOfAResponseAndNothingElse(long parts) {
    for (long flags : new long[] {0, Capabilities.COMPRESS}) {
      ByteBuf with = compressingResponse(parts | flags | Capabilities.ZSTD_COMPRESSION, true);
      assertThat(HandshakeResponse.decode(with.slice(4, with.readableBytes() - 4)).zstdLevel())
          .isEqualTo(7);
      HandshakeResponse.removeCompression(with);
      assertThat(with).isEqualTo(compressingResponse(parts, false));
    }
    ByteBuf zlibOnly = compressingResponse(parts | Capabilities.COMPRESS, false);
    HandshakeResponse.removeCompression(zlibOnly);
    assertThat(zlibOnly).isEqualTo(compressingResponse(parts, false));
  }

  @Test
  void takesCompressionOutOfATlsRequest() {
    ByteBuf request = compressingResponse(Compression.FLAGS, true).slice(0, 36).copy();
    request.setMediumLE(0, 32);
    HandshakeResponse.removeCompression(request);
    ByteBuf without = compressingResponse(0, false).slice(0, 36).copy();
    without.setMediumLE(0, 32);
    assertThat(request).isEqualTo(without);
  }

  @Test
  void zlibGoesBeforeZstd() {
    assertThat(Compression.agreed(Compression.FLAGS, 99))
        .isEqualTo(new Compression(Compression.Algorithm.ZLIB, 6))
        .matches(Compression::valid);
    assertThat(Compression.agreed(Capabilities.ZSTD_COMPRESSION, 22)).matches(Compression::valid);
    assertThat(Compression.agreed(Capabilities.ZSTD_COMPRESSION, 23)).matches(c -> !c.valid());
    assertThat(Compression.agreed(Capabilities.ZSTD_COMPRESSION, 0)).matches(c -> !c.valid());
    assertThat(Compression.agreed(Capabilities.SSL, 3)).isNull();
  }
}
