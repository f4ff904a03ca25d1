package io.crossfade.server.session;

import io.crossfade.api.plugin.Interceptor;

/** A plugin's interceptor of this session, with the name its meters carry. */
record Plugin(String name, Interceptor interceptor) {}
