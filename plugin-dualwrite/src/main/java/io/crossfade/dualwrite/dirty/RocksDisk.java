package io.crossfade.dualwrite.dirty;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** A {@link Disk} in RocksDB. Its write-ahead log and blocks carry RocksDB's own checksums. */
final class RocksDisk implements Disk {
  /** Opens the database "rocks" in the store's directory. */
  static final Opener OPENER =
      new Opener() {
        @Override
        public Disk open(Path directory, Consumer<String> abnormal) throws IOException {
          if (Files.exists(directory.resolve(IN_KAFKA))) {
            throw new IOException("its records are in Kafka (dirty.store: kafka)");
          }
          return new RocksDisk(directory.resolve(IN_ROCKS));
        }

        @Override
        public String advice() {
          return "Is another proxy using it, or the disk full or damaged? A damaged store may be"
              + " moved away; then every table must be backfilled anew";
        }
      };

  static {
    RocksDB.loadLibrary();
  }

  private final Path directory;
  private final Options options;
  private final WriteOptions synced = new WriteOptions().setSync(true);
  private final WriteOptions unsynced = new WriteOptions().setSync(false);
  private @Nullable RocksDB db;

  /** Opens the database in {@code directory}, creating it when missing. */
  RocksDisk(Path directory) throws IOException {
    this.directory = directory;
    this.options =
        new Options()
            .setCreateIfMissing(true)
            .setParanoidChecks(true)
            .setWriteBufferSize(16L << 20)
            .setMaxBackgroundJobs(2)
            .setKeepLogFileNum(2)
            .setMaxLogFileSize(1L << 20)
            .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
            // A torn record at the very end is a write that was never confirmed; one before it is
            // damage, and a store that has lost marks must not start as if nothing had happened.
            .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords);
    boolean opened = false;
    try {
      Files.createDirectories(directory);
      open();
      opened = true;
    } finally {
      if (!opened) {
        closeOptions();
      }
    }
  }

  private RocksDB open() throws IOException {
    try {
      RocksDB opened = RocksDB.open(options, directory.toString());
      db = opened;
      return opened;
    } catch (RocksDBException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private RocksDB db() throws IOException {
    return db == null ? open() : db;
  }

  @Override
  public void load(BiConsumer<byte[], byte[]> each) throws IOException {
    try (RocksIterator it = db().newIterator()) {
      for (it.seekToFirst(); it.isValid(); it.next()) {
        each.accept(it.key(), it.value());
      }
      it.status();
    } catch (RocksDBException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void write(Map<RecordKey, byte @Nullable []> changes, boolean sync) throws IOException {
    try (WriteBatch batch = new WriteBatch()) {
      for (Map.Entry<RecordKey, byte @Nullable []> c : changes.entrySet()) {
        byte[] value = c.getValue();
        if (value == null) {
          batch.delete(c.getKey().bytes());
        } else {
          batch.put(c.getKey().bytes(), value);
        }
      }
      db().write(sync ? synced : unsynced, batch);
    } catch (RocksDBException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** After a failed write RocksDB takes no more of them until it is opened anew. */
  @Override
  public void recover() throws IOException {
    closeDatabase();
    open();
  }

  private void closeDatabase() {
    if (db != null) {
      db.close();
      db = null;
    }
  }

  private void closeOptions() {
    synced.close();
    unsynced.close();
    options.close();
  }

  @Override
  public void close() {
    closeDatabase();
    closeOptions();
  }
}
