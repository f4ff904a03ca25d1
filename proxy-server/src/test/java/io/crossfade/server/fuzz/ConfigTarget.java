package io.crossfade.server.fuzz;

import io.crossfade.server.config.ConfigException;
import io.crossfade.server.config.ConfigLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Configuration files of anything: accepted, or refused with every problem named. */
public final class ConfigTarget {
  private static final String[] SNIPPETS = {
    "listen: 127.0.0.1:3307\n",
    "mysql: {address: \"db:3306\"}\n",
    "mysql:\n  address: db:3306\n",
    "data-directory: data\n",
    "tables:\n  social.follower: {list-key: [user_id]}\n",
    "tables: {a.b: {list-key: [x, y], orders: {o: [c desc]}, layout: tall, buckets: 4}}\n",
    "limits: {inspect: 4MiB, connections: 10, plugin-time: 20s}\n",
    "admin: {listen: 127.0.0.1:9090}\n",
    "plugins:\n  dualwrite: {}\n",
    "  - [a, {b: c}]\n",
    "${SECRET}",
    "&a *a ",
    "? : - \n",
    "\u0000",
    "---\n",
    "!!binary x",
    "9999999999999999999999",
    "|\n  text\n",
  };

  private static final Path FILE = temporary();
  private static final ConfigLoader LOADER =
      new ConfigLoader(List.of(), Map.of("SECRET", "hunter2")::get);

  private ConfigTarget() {}

  private static Path temporary() {
    try {
      Path file = Files.createTempFile("fuzz", ".yaml");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One case. */
  public static void fuzzerTestOneInput(byte[] input) {
    Draw draw = new Draw(input);
    Wire text = new Wire();
    while (draw.more()) {
      int choice = draw.below(SNIPPETS.length + 3);
      if (choice < SNIPPETS.length) {
        text.text(SNIPPETS[choice]);
      } else {
        text.raw(draw.bytes(20));
      }
    }
    try {
      Files.write(FILE, text.bytes());
      LOADER.load(FILE);
    } catch (ConfigException e) {
      if (e.problems().isEmpty()) {
        throw new AssertionError("refused without a reason", e);
      }
      if (e.problems().stream().anyMatch(p -> p.toString().contains("hunter2"))) {
        throw new AssertionError("a secret is in a message", e);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
