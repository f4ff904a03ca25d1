package io.crossfade.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A short run of every target, and all inputs that once found something: {@code
 * src/test/resources/fuzz/<target>/<what it was>.hex}.
 */
class FuzzTest {
  private static final int TRIES = 150;

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void conversationsAreCarriedAsTheyAre(@ForAll("inputs") byte[] input) {
    ConversationTarget.fuzzerTestOneInput(input);
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void garbageEndsInOrder(@ForAll("inputs") byte[] input) {
    GarbageTarget.fuzzerTestOneInput(input);
  }

  @Property(tries = 4 * TRIES, shrinking = ShrinkingMode.OFF)
  void answersEndWhereTheirGrammarSays(@ForAll("inputs") byte[] input) {
    TrackerTarget.fuzzerTestOneInput(input);
  }

  @Property(tries = 4 * TRIES, shrinking = ShrinkingMode.OFF)
  void decodersStayWithinTheirPacket(@ForAll("inputs") byte[] input) {
    DecoderTarget.fuzzerTestOneInput(input);
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void compressedPacketsComeOutAsTheyWentIn(@ForAll("inputs") byte[] input) {
    CompressionTarget.fuzzerTestOneInput(input);
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void configurationsAreAcceptedOrRefusedWithReasons(@ForAll("inputs") byte[] input) {
    ConfigTarget.fuzzerTestOneInput(input);
  }

  @Property(tries = 4 * TRIES, shrinking = ShrinkingMode.OFF)
  void anyTextIsAnalysed(@ForAll("inputs") byte[] input) {
    SqlTarget.fuzzerTestOneInput(Arrays.copyOf(input, input.length / 8));
  }

  @Provide
  Arbitrary<byte[]> inputs() {
    return Arbitraries.randomValue(
        random -> {
          byte[] input = new byte[random.nextInt(3_000)];
          random.nextBytes(input);
          return input;
        });
  }

  @TestFactory
  List<DynamicTest> whatWasFoundOnceStaysFixed() throws Exception {
    List<DynamicTest> tests =
        Stream.of(
                corpus("conversation", ConversationTarget::fuzzerTestOneInput),
                corpus("garbage", GarbageTarget::fuzzerTestOneInput))
            .flatMap(List::stream)
            .toList();
    assertThat(tests).isNotEmpty();
    return tests;
  }

  private static List<DynamicTest> corpus(String target, Consumer<byte[]> run)
      throws IOException, URISyntaxException {
    Path directory =
        Path.of(Objects.requireNonNull(FuzzTest.class.getResource("/fuzz/" + target)).toURI());
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .sorted()
          .map(
              file ->
                  DynamicTest.dynamicTest(
                      target + ": " + file.getFileName(), () -> run.accept(read(file))))
          .toList();
    }
  }

  private static byte[] read(Path file) throws IOException {
    return HexFormat.of().parseHex(Files.readString(file).replaceAll("\\s", ""));
  }
}
