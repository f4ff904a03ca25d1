package io.crossfade.server.backend;

import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A TLS context made of files that may be replaced while it is in use. New handshakes take {@link
 * #context}; those under way keep theirs. Thread-safe.
 */
public final class ReloadableTls {
  private final List<Path> files;
  private final Source source;
  private volatile State state;

  private record State(List<byte[]> contents, SslContext context) {}

  /** Makes a context of the files' contents. */
  @FunctionalInterface
  public interface Source {
    /** Throws with a message for the operator when the contents are of no use. */
    SslContext make(List<byte[]> contents) throws IOException, GeneralSecurityException;
  }

  /**
   * Reads {@code files} for the first time.
   *
   * @throws IllegalStateException with a message for the operator when they are of no use
   */
  public ReloadableTls(List<Path> files, Source source) {
    this.files = List.copyOf(files);
    this.source = source;
    state = read(contents());
  }

  /** For the next handshake. */
  public SslContext context() {
    return state.context();
  }

  /**
   * Reads the files again without applying them.
   *
   * @return what applies them; empty when they hold what they held
   * @throws IllegalStateException with a message for the operator when they are of no use
   */
  public Optional<Runnable> prepare() {
    List<byte[]> now = contents();
    if (same(now, state.contents())) {
      return Optional.empty();
    }
    State next = read(now);
    return Optional.of(() -> state = next);
  }

  private State read(List<byte[]> contents) {
    try {
      return new State(contents, source.make(contents));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalStateException(named() + e.getMessage(), e);
    }
  }

  private String named() {
    return files.isEmpty() ? "" : Arrays.toString(files.toArray()) + ": ";
  }

  private List<byte[]> contents() {
    List<byte[]> contents = new ArrayList<>();
    for (Path file : files) {
      try {
        contents.add(Files.readAllBytes(file));
      } catch (IOException e) {
        throw new IllegalStateException("cannot read the file " + file, e);
      }
    }
    return contents;
  }

  private static boolean same(List<byte[]> a, List<byte[]> b) {
    return Arrays.deepEquals(a.toArray(), b.toArray());
  }
}
