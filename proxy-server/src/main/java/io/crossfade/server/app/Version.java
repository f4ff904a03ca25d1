package io.crossfade.server.app;

import org.jspecify.annotations.Nullable;

/** The version of this build. */
final class Version {
  private Version() {}

  /** As the jar's manifest says; "development" when run from classes. */
  static String current() {
    @Nullable String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
