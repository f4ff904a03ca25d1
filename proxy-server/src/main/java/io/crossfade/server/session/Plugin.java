package io.crossfade.server.session;

import io.crossfade.api.plugin.Interceptor;
import java.util.List;

/** A plugin's interceptor of this session, with the name its meters carry. */
record Plugin(String name, Interceptor interceptor) {
  /** Whether one of them wants to see every command now. */
  static boolean anyAttentive(List<Plugin> plugins) {
    for (int i = 0; i < plugins.size(); i++) {
      if (plugins.get(i).interceptor().attentive()) {
        return true;
      }
    }
    return false;
  }
}
