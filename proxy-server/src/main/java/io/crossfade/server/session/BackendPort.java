package io.crossfade.server.session;

/** The leg to MySQL. */
public interface BackendPort extends Port {}
