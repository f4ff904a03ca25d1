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
  void readsAGreetingAndMasksNothingButWhatItShould() {
    long offered = 0xDFFF_FFFFL;
    ByteBuf packet = greeting(offered);
    Handshake handshake = Handshake.decode(packet);
    assertThat(handshake).isEqualTo(new Handshake("8.0.31", 77, offered, 2));
    ByteBuf before = packet.copy();
    Handshake.mask(packet, Capabilities.MASKED);
    assertThat(Handshake.decode(packet).capabilities()).isEqualTo(offered & ~Capabilities.MASKED);
    Handshake.mask(before, Capabilities.MASKED);
    assertThat(before).isEqualTo(packet);
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
        .isEqualTo(new HandshakeResponse(capabilities, 45, "änne", "shop"));
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
}
