package io.crossfade.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** I8: what is counted is documented, what is documented is counted, and no failure is dropped. */
class NothingSilentTest {
  private static final Pattern METER = Pattern.compile("\"crossfade\\.([a-z.]*[a-z])\"");
  private static final Pattern NOTICED =
      Pattern.compile("(?<!metrics)\\s*\\.?\\b(?:count|abnormal)\\(([^,;{]*),");
  private static final Pattern ABNORMAL =
      Pattern.compile("metrics\\.abnormal\\(([^;]*)\\);", Pattern.DOTALL);
  private static final Pattern TEXT = Pattern.compile("\"([a-z-]+)\"");
  private static final Pattern DOCUMENTED = Pattern.compile("`(crossfade_[a-z_]+)");
  private static final Pattern DROPPED =
      Pattern.compile("catch \\([^)]*\\) \\{\\s*\\}", Pattern.DOTALL);

  private static List<String> sources;
  private static String documents;

  @BeforeAll
  static void read() throws IOException {
    Path root = Path.of("..").toAbsolutePath().normalize();
    sources =
        Stream.of("proxy-api", "proxy-server", "plugin-dualwrite", "plugin-readswitch")
            .flatMap(module -> javaFiles(root.resolve(module).resolve("src/main/java")))
            .map(NothingSilentTest::text)
            .toList();
    documents = Files.readString(root.resolve("docs/metrics.md"));
    assertThat(sources).hasSizeGreaterThan(100);
  }

  private static Stream<Path> javaFiles(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(f -> f.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> found(Pattern pattern, Stream<String> texts) {
    return texts
        .flatMap(text -> pattern.matcher(text).results())
        .map((MatchResult m) -> m.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** As Prometheus shows it, without the endings it gives to kinds of meters. */
  private static String bare(String name) {
    return name.replaceAll("(_total|_seconds)$", "");
  }

  private static Set<String> registered() {
    Set<String> all = new TreeSet<>();
    found(METER, sources.stream()).forEach(m -> all.add("crossfade_" + m.replace('.', '_')));
    found(TEXT, found(NOTICED, sources.stream()).stream())
        .forEach(m -> all.add("crossfade_mirror_" + m.replace('-', '_')));
    return all;
  }

  private static Set<String> documented() {
    return found(DOCUMENTED, Stream.of(documents)).stream()
        .map(NothingSilentTest::bare)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyMeterIsDocumented() {
    assertThat(registered()).hasSizeGreaterThan(40);
    assertThat(documented()).containsAll(registered());
  }

  @Test
  void everyDocumentedMeterExists() {
    assertThat(registered()).contains("crossfade_mirror_retries").containsAll(documented());
  }

  /** The values of the label {@code path}: what a running proxy may say is in the document. */
  @Test
  void everyAbnormalPathIsDocumented() {
    Set<String> paths = found(TEXT, found(ABNORMAL, sources.stream()).stream());

    assertThat(paths).contains("xa-prepare", "debt-stall");
    assertThat(paths).allSatisfy(path -> assertThat(documents).contains(path));
  }

  @Test
  void noFailureIsDroppedWithoutAWord() {
    assertThat(sources)
        .allSatisfy(source -> assertThat(DROPPED.matcher(source).find()).as(source).isFalse());
  }
}
