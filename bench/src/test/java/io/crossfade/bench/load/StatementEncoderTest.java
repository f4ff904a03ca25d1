package io.crossfade.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatementEncoderTest {
  private static final DataShape SHAPE = new DataShape(400_000);

  private final StatementSource source = new StatementSource(Workload.DML, SHAPE, 7, 3);

  @Test
  void writesTextWithTheValuesInPlaceOfTheParameters() {
    source.next();
    ByteBuf packet = StatementEncoder.text().encode(UnpooledByteBufAllocator.DEFAULT, source);

    assertThat(packet.readUnsignedMediumLE()).isEqualTo(packet.readableBytes() - 1);
    assertThat(packet.readByte()).isZero();
    assertThat(packet.readByte()).isEqualTo((byte) 0x03);
    assertThat(packet.toString(StandardCharsets.US_ASCII))
        .isEqualTo(
            "INSERT INTO follower (user_id, follower_id, status) VALUES ("
                + source.user()
                + ", "
                + source.follower()
                + ", 1)");
    packet.release();
  }

  @Test
  void writesTheExecutionOfAPreparedStatement() {
    source.next();
    ByteBuf packet =
        StatementEncoder.prepared(Map.of(StatementKind.INSERT, 0x01020304))
            .encode(UnpooledByteBufAllocator.DEFAULT, source);

    assertThat(packet.readUnsignedMediumLE()).isEqualTo(packet.readableBytes() - 1);
    assertThat(packet.readByte()).isZero();
    assertThat(packet.readByte()).isEqualTo((byte) 0x17);
    assertThat(packet.readIntLE()).isEqualTo(0x01020304);
    assertThat(packet.readByte()).as("no cursor").isZero();
    assertThat(packet.readIntLE()).as("iterations").isEqualTo(1);
    assertThat(packet.readByte()).as("NULL bitmap").isZero();
    assertThat(packet.readByte()).as("types follow").isEqualTo((byte) 1);
    assertThat(packet.readShortLE()).isEqualTo((short) 8);
    assertThat(packet.readShortLE()).isEqualTo((short) 8);
    assertThat(packet.readLongLE()).isEqualTo(source.user());
    assertThat(packet.readLongLE()).isEqualTo(source.follower());
    assertThat(packet.isReadable()).isFalse();
    packet.release();
  }
}
