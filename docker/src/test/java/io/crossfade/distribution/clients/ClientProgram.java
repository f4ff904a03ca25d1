package io.crossfade.distribution.clients;

import java.util.Optional;

/** One client's ordinary work. It starts in a schema with nothing but an empty follower table. */
interface ClientProgram {
  /** The client, as a test and a schema may be called: {@code [a-z0-9_]+}. */
  String name();

  /** What has to be installed to run it, or empty when it can run. */
  default Optional<String> missing() {
    return Optional.empty();
  }

  /**
   * Does the work and writes down all it sees; nothing that differs between two runs (times,
   * connection ids, ports).
   *
   * @throws Exception when the client fails in a way its program did not provoke
   */
  void run(Endpoint endpoint, Transcript transcript) throws Exception;
}
