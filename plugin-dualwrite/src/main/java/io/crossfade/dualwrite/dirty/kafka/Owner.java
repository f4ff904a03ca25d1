package io.crossfade.dualwrite.dirty.kafka;

import io.crossfade.dualwrite.dirty.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * The name under which this proxy owns records, kept in the store's directory from the first
 * confirmed record on. Not thread-safe.
 */
final class Owner {
  private final Path directory;
  private final Path file;
  private final String name;
  private boolean kept;

  /**
   * @param wanted the configured name; empty: the one that was kept, or a new one
   * @throws IOException when the directory is another proxy's
   */
  Owner(Path directory, String wanted) throws IOException {
    if (Files.exists(directory.resolve(Disk.IN_ROCKS))) {
      throw new IOException("its records are in RocksDB (dirty.store: rocksdb)");
    }
    this.directory = directory;
    file = directory.resolve(Disk.IN_KAFKA);
    kept = Files.exists(file);
    String before = kept ? Files.readString(file, StandardCharsets.UTF_8).strip() : "";
    if (kept && !wanted.isEmpty() && !wanted.equals(before)) {
      throw new IOException(
          "it belongs to the proxy '" + before + "', but dirty.kafka.proxy is '" + wanted + "'");
    }
    if (kept) {
      name = before;
    } else {
      name = wanted.isEmpty() ? "proxy-" + UUID.randomUUID() : wanted;
    }
  }

  String name() {
    return name;
  }

  /** Whether records of this name must be in the topic. */
  boolean kept() {
    return kept;
  }

  /** Records of this name are in the topic: durable when this returns. */
  void keep() throws IOException {
    if (kept) {
      return;
    }
    Path made = file.resolveSibling(Disk.IN_KAFKA + ".new");
    try (FileChannel channel =
        FileChannel.open(
            made,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(name.getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
    }
    Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel entries = FileChannel.open(directory)) {
      entries.force(true);
    }
    kept = true;
  }
}
