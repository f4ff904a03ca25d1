package io.crossfade.api.plugin;

import java.util.concurrent.CompletionStage;

/** A plugin's part in one client session. Event-loop confined; never blocks. */
public interface Interceptor {
  /**
   * Whether this interceptor must see every command of the session now, not only those that hit a
   * watched table (it holds marks of an open transaction).
   */
  boolean attentive();

  /**
   * Called before a command is forwarded: for each that hits a watched table, may reach one unseen
   * (CALL, EXECUTE of text, too large to inspect, unknown command), or - while {@link #attentive} -
   * for every command. Nothing of the session is sent to MySQL until the stage completes.
   */
  CompletionStage<Verdict> before(Exchange exchange);

  /**
   * Called when MySQL's whole answer to a forwarded command was seen and is being passed to the
   * client, for each exchange that {@link #before} saw. An exchange that another plugin answered is
   * not reported.
   */
  void after(Exchange exchange, Outcome outcome);

  /**
   * The session is over. The last command may or may not have been executed; MySQL may still be
   * executing it. Called exactly once.
   */
  void closed();
}
