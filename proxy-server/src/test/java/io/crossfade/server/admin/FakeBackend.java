package io.crossfade.server.admin;

import java.util.Map;
import java.util.TreeMap;

/** A backend that answers what the test set. */
final class FakeBackend implements AdminBackend {
  volatile Map<String, Object> status = Map.of("version", "1");
  volatile Map<String, String> notReady = Map.of();
  volatile AdminAnswer reload = AdminAnswer.ok(Map.of("outcome", "applied"));
  volatile String lastCommand = "";

  @Override
  public String metrics() {
    return "crossfade_info 1.0\n";
  }

  @Override
  public Map<String, Object> status() {
    return status;
  }

  @Override
  public Map<String, String> notReady() {
    return notReady;
  }

  @Override
  public AdminAnswer reload() {
    return reload;
  }

  @Override
  public AdminAnswer command(String table, String command, Map<String, String> arguments) {
    if (command.equals("fail")) {
      throw new IllegalStateException("a defect");
    }
    lastCommand = table + " " + command + " " + new TreeMap<>(arguments);
    return AdminAnswer.ok(Map.of("done", true));
  }
}
