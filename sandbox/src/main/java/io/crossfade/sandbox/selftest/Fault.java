package io.crossfade.sandbox.selftest;

/** What chaos does. */
enum Fault {
  PROXY_KILLED("kill -9 of the proxy, restart", true),
  PROXY_PAUSED("SIGSTOP of the proxy", true),
  MYSQL_KILLED("kill -9 of MySQL, restart", false),
  MYSQL_PAUSED("SIGSTOP of MySQL", false),
  HBASE_KILLED("kill -9 of HBase, restart", false),
  HBASE_PAUSED("SIGSTOP of HBase", false);

  private final String text;
  private final boolean proxy;

  Fault(String text, boolean proxy) {
    this.text = text;
    this.proxy = proxy;
  }

  String text() {
    return text;
  }

  /** Whether it concerns the proxy alone. */
  boolean proxy() {
    return proxy;
  }
}
