package io.crossfade.readswitch.route;

import io.crossfade.api.mapping.TableSchema;
import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.SessionFacts;
import io.crossfade.api.plugin.SessionView;
import io.crossfade.api.sql.Statement;

/**
 * Everything the frame of a result set depends on. An account that reads by a template has been
 * given the answer by MySQL itself: its privileges are checked there.
 *
 * @param capabilities the session's flags; where they are not known, a number of this session alone
 */
record MetadataKey(
    String template,
    String selectList,
    String database,
    Exchange.Protocol protocol,
    long capabilities,
    String account,
    String role,
    String characterSetResults,
    TableSchema schema) {

  static MetadataKey of(
      Exchange exchange,
      Statement.Select select,
      String template,
      SessionFacts facts,
      TableSchema schema) {
    SessionView session = exchange.session();
    long known = session.capabilities();
    return new MetadataKey(
        template,
        select.selectList(),
        session.database(),
        exchange.protocol(),
        known >= 0 ? known : -1 - session.id(),
        facts.account(),
        facts.role(),
        facts.characterSetResults(),
        schema);
  }
}
