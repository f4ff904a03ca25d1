package io.crossfade.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class NameSearchTest {
  @Property
  void findsWhatIndexOfFinds(
      @ForAll("names") List<String> names,
      @ForAll("texts") String text,
      @ForAll @IntRange(min = 1, max = 7) int piece) {
    NameSearch search = NameSearch.words(names.toArray(String[]::new));
    ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    boolean expected = names.stream().anyMatch(text.toLowerCase(Locale.ROOT)::contains);
    assertThat(search.find(bytes, 0, text.length())).isEqualTo(expected);
    NameSearch.Streaming streaming = search.streaming();
    for (int at = 0; at < text.length(); at += piece) {
      streaming.feed(bytes, at, Math.min(piece, text.length() - at));
    }
    assertThat(streaming.found()).as("in pieces of %s", piece).isEqualTo(expected);
  }

  @Provide
  Arbitrary<List<String>> names() {
    return Arbitraries.strings()
        .withChars("ab_")
        .ofMinLength(1)
        .ofMaxLength(5)
        .list()
        .ofMinSize(1)
        .ofMaxSize(3);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("abAB_ @`").ofMaxLength(60);
  }

  @Test
  void looksForTheAsciiPartOfANameInAnyCharacterSet() {
    NameSearch search = new NameSearch("größe_x".getBytes(StandardCharsets.UTF_8));
    byte[] latin = "SELECT 1 FROM GRÖSSE_X".getBytes(StandardCharsets.ISO_8859_1);
    byte[] other = "SELECT 1 FROM größe_x".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(search.find(Unpooled.wrappedBuffer(other), 0, other.length)).isTrue();
    assertThat(search.find(Unpooled.wrappedBuffer(latin), 0, latin.length)).isTrue();
  }

  @Test
  void looksForThePartOfANameWithoutQuotes() {
    NameSearch search = new NameSearch("a`b\"long".getBytes(StandardCharsets.UTF_8));
    byte[] text = "DELETE FROM `a``b\"long`".getBytes(StandardCharsets.UTF_8);
    byte[] ansi = "DELETE FROM \"a`b\"\"long\"".getBytes(StandardCharsets.UTF_8);
    assertThat(search.find(Unpooled.wrappedBuffer(text), 0, text.length)).isTrue();
    assertThat(search.find(Unpooled.wrappedBuffer(ansi), 0, ansi.length)).isTrue();
  }

  /** Each access to a network buffer has its price, the highest where leaks are looked for. */
  @Test
  @Timeout(5)
  void aLargeTextIsNotReadByteByByteFromANetworkBuffer() {
    ByteBuf text = PooledByteBufAllocator.DEFAULT.directBuffer();
    try {
      text.writeCharSequence("x".repeat(2_000_000) + "WATCHED", StandardCharsets.US_ASCII);
      NameSearch.Streaming search = NameSearch.words("xa", "watched").streaming();
      search.feed(text, 0, text.readableBytes() - 1);
      assertThat(search.found()).isFalse();
      search.feed(text, text.readableBytes() - 1, 1);
      assertThat(search.found()).isTrue();
    } finally {
      text.release();
    }
  }

  @Test
  void aNameWithoutAsciiIsFoundEverywhere() {
    NameSearch search = new NameSearch("ж".getBytes(StandardCharsets.UTF_8));
    assertThat(search.find(Unpooled.wrappedBuffer(new byte[] {1}), 0, 1)).isTrue();
    assertThat(search.streaming().found()).isTrue();
  }

  @Test
  void nothingIsFoundWhenNothingIsLookedFor() {
    NameSearch search = new NameSearch();
    assertThat(search.isEmpty()).isTrue();
    assertThat(search.find(Unpooled.wrappedBuffer(new byte[10]), 0, 10)).isFalse();
  }
}
