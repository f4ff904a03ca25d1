package io.crossfade.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * An accepted configuration.
 *
 * @param config the file
 * @param plugins the plugins that have a section, in the order they are started
 * @param files every file the configuration was made of
 */
public record LoadedConfig(CrossfadeConfig config, List<BoundPlugin<?>> plugins, Set<Path> files) {}
