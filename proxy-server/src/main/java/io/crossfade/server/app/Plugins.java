package io.crossfade.server.app;

import io.crossfade.api.plugin.InterceptorFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.shardingsphere.infra.spi.ShardingSphereServiceLoader;

/** The plugins on the class path. */
final class Plugins {
  private Plugins() {}

  /** All of them, found through ShardingSphere's SPI, in ascending order. */
  static List<InterceptorFactory<?>> onClassPath() {
    List<InterceptorFactory<?>> found = new ArrayList<>();
    for (InterceptorFactory<?> factory :
        ShardingSphereServiceLoader.getServiceInstances(InterceptorFactory.class)) {
      found.add(factory);
    }
    found.sort(Comparator.comparingInt(InterceptorFactory::order));
    return found;
  }
}
