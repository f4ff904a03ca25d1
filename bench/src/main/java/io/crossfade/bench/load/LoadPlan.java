package io.crossfade.bench.load;

/**
 * One run of the load generator.
 *
 * @param port on 127.0.0.1
 * @param user an account with mysql_native_password
 * @param password without spaces, as are user and schema
 * @param schema the schema with the table {@code follower}
 * @param connections how many clients there are
 * @param rows see {@link DataShape}
 * @param run different in each run
 */
public record LoadPlan(
    int port,
    String user,
    String password,
    String schema,
    Workload workload,
    Mode mode,
    int connections,
    int rows,
    long run) {

  /** As one line, for the pipe between the processes. */
  String line() {
    return String.join(
        " ",
        Integer.toString(port),
        user,
        password,
        schema,
        workload.label(),
        mode.label(),
        Integer.toString(connections),
        Integer.toString(rows),
        Long.toString(run));
  }

  /** Reads a {@link #line}. */
  static LoadPlan parse(String line) {
    String[] f = line.split(" ");
    if (f.length != 9) {
      throw new IllegalArgumentException("not a plan: " + line);
    }
    return new LoadPlan(
        Integer.parseInt(f[0]),
        f[1],
        f[2],
        f[3],
        Workload.of(f[4]),
        Mode.of(f[5]),
        Integer.parseInt(f[6]),
        Integer.parseInt(f[7]),
        Long.parseLong(f[8]));
  }
}
