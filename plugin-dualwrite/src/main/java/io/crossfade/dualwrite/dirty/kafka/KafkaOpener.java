package io.crossfade.dualwrite.dirty.kafka;

import io.crossfade.dualwrite.dirty.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Keeps the dirty store's records in Kafka. The debt flag stays on the local disk. */
public final class KafkaOpener implements Disk.Opener {
  private final KafkaSettings settings;

  public KafkaOpener(KafkaSettings settings) {
    this.settings = settings;
  }

  @Override
  public Disk open(Path directory, Consumer<String> abnormal) throws IOException {
    return KafkaDisk.open(settings, directory, abnormal);
  }

  @Override
  public String advice() {
    return "Do the brokers at "
        + settings.bootstrapServers()
        + " answer, and may this proxy read, write and describe the topic? If its records are lost,"
        + " empty the directory; then every table must be backfilled anew";
  }
}
