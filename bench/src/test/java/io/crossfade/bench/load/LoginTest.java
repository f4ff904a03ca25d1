package io.crossfade.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LoginTest {
  @Test
  void readsCapabilitiesAndScrambleOfAGreeting() {
    ByteBuf greeting = Unpooled.buffer();
    greeting.writeByte(10);
    greeting.writeCharSequence("8.0.31\0", StandardCharsets.US_ASCII);
    greeting.writeIntLE(12);
    greeting.writeCharSequence("abcdefgh", StandardCharsets.US_ASCII);
    greeting.writeByte(0);
    greeting.writeShortLE(0xF7FF);
    greeting.writeByte(255);
    greeting.writeShortLE(2);
    greeting.writeShortLE(0xDFFF);
    greeting.writeByte(21);
    greeting.writeZero(10);
    greeting.writeCharSequence("ijklmnopqrst\0", StandardCharsets.US_ASCII);
    greeting.writeCharSequence("mysql_native_password\0", StandardCharsets.US_ASCII);

    Login.Greeting read = Login.greeting(greeting);

    assertThat(read.capabilities()).isEqualTo(0xDFFFF7FF);
    assertThat(new String(read.scramble(), StandardCharsets.US_ASCII))
        .isEqualTo("abcdefghijklmnopqrst");
    assertThat(Login.capabilities(read) & Login.DEPRECATE_EOF).isNotZero();
  }

  @Test
  void asksForNothingThatTheServerLacks() {
    Login.Greeting old = new Login.Greeting(0x0000A209, new byte[20]);

    assertThat(Login.capabilities(old) & ~old.capabilities()).isZero();
  }

  @Test
  void provesThePasswordAsTheManualSays() {
    // SHA1("secret") XOR SHA1(20 zero bytes + SHA1(SHA1("secret")))
    assertThat(Login.proof("secret", new byte[20]))
        .asHexString()
        .isEqualTo("8E7E678B27F70747E65FB2B381214427B0FCED48");
  }
}
