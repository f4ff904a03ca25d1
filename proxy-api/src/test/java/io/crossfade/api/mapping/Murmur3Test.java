package io.crossfade.api.mapping;

import static io.crossfade.api.value.Types.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Murmur3Test {
  @ParameterizedTest
  @CsvSource({
    "'', 00000000",
    "a, 3c2569b2",
    "ab, 9bbfd75f",
    "abc, b3dd93fa",
    "abcd, 43ed676a",
    "'Hello, world!', c0363e43",
    "The quick brown fox jumps over the lazy dog, 2e4ff723",
  })
  void givesThePublishedHashes(String text, String hex) {
    assertThat(Murmur3.hash(bytes(text))).isEqualTo(Integer.parseUnsignedInt(hex, 16));
  }
}
