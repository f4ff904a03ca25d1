package io.crossfade.server.frontend;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The file of a listening unix socket. The socket is bound under a name of its own and then moved
 * to its place, so that a dead process's file is replaced in one step, and whoever closes the
 * socket later does not remove a file that belongs to somebody else by then.
 */
final class UnixSocketFile {
  private final Path path;
  private final Path bound;
  private @Nullable Object key;

  UnixSocketFile(Path path) {
    this.path = path;
    bound = path.resolveSibling(path.getFileName() + "." + ProcessHandle.current().pid());
  }

  /**
   * Makes sure that nobody listens there.
   *
   * @return where to bind the socket
   * @throws IOException when a process listens there, or something else than a socket is there
   */
  Path prepare() throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      if (!attributes().isOther()) {
        throw new IOException("a file that is no socket is there");
      }
      if (answers()) {
        throw new IOException("another process listens there");
      }
    }
    Files.deleteIfExists(bound);
    return bound;
  }

  private boolean answers() {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return probe.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      return false;
    }
  }

  /** Moves the bound socket to its place; {@code permissions} as in {@code rwxrwxrwx}. */
  void publish(String permissions) throws IOException {
    Files.setPosixFilePermissions(bound, PosixFilePermissions.fromString(permissions));
    Files.move(bound, path, StandardCopyOption.ATOMIC_MOVE);
    adopt();
  }

  /** Takes the file that is in place for this process's own. */
  void adopt() throws IOException {
    key = attributes().fileKey();
  }

  /** Removes the file if it is still this process's own. */
  void delete() throws IOException {
    Files.deleteIfExists(bound);
    if (key != null
        && Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && key.equals(attributes().fileKey())) {
      Files.delete(path);
    }
    key = null;
  }

  /** Leaves the file to another process. */
  void leave() {
    key = null;
  }

  private BasicFileAttributes attributes() throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }
}
