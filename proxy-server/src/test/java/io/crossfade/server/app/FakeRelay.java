package io.crossfade.server.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A relay that only writes down what it is told. */
final class FakeRelay implements Relay {
  private final List<String> journal;
  private final @Nullable String failure;

  FakeRelay(List<String> journal, @Nullable String failure) {
    this.journal = journal;
    this.failure = failure;
  }

  @Override
  public List<SocketAddress> start(Map<String, Integer> inherited) throws IOException {
    if (failure != null) {
      throw new IOException(failure);
    }
    journal.add("relay started");
    return List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
  }

  @Override
  public Map<String, Integer> descriptors() {
    return Map.of();
  }

  @Override
  public void handedOver() {
    journal.add("relay handed over");
  }

  @Override
  public Optional<Runnable> prepareTls() {
    return Optional.empty();
  }

  @Override
  public int connections() {
    return 42;
  }

  @Override
  public void drain(Duration limit) {
    journal.add("relay drained within " + limit.toSeconds() + " s");
  }

  @Override
  public void close() {
    journal.add("relay closed");
  }
}
