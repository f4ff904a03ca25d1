package io.crossfade.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.sql.TableName;
import io.crossfade.server.protocol.Capabilities;
import org.junit.jupiter.api.Test;

/** Logins that no MySQL at hand can be made to ask for. */
class LoginDialogueTest extends SessionFixture {
  private static final long MULTI_FACTOR = 1L << 28;

  @Test
  void aClientThatKnowsNeitherPluginsNorLengthsOfScramblesLogsIn() {
    String response =
        response(Capabilities.PROTOCOL_41 | Capabilities.CONNECT_WITH_DB) + hex("db") + "00";
    fromServer(0, greeting());
    fromClient(1, response);
    assertThat(backend.taken()).isEqualTo(packet(1, response));
    fromServer(2, LOGIN_OK);
    client.taken();
    fromClient(0, query("DELETE FROM watched"));
    assertThat(tables).containsExactly(new TableName("db", "watched"));
  }

  @Test
  void aNextFactorIsAskedForAndPassedOn() {
    String nextFactor = "02" + hex("authentication_ldap_simple") + "00" + hex("challenge");
    String secret = hex("secret") + "00";
    fromServer(0, greeting());
    fromClient(1, response(CLIENT | Capabilities.PLUGIN_AUTH | MULTI_FACTOR));
    client.taken();
    backend.taken();
    fromServer(2, nextFactor);
    assertThat(client.taken()).isEqualTo(packet(2, nextFactor));
    fromClient(3, secret);
    assertThat(backend.taken()).isEqualTo(packet(3, secret));
    fromServer(4, nextFactor);
    fromClient(5, secret);
    fromServer(6, LOGIN_OK);
    assertThat(client.taken()).isEqualTo(packet(4, nextFactor) + packet(6, LOGIN_OK));
    fromClient(0, query("DELETE FROM watched"));
    assertThat(events).containsExactly("open", "before [DELETE]");
  }

  @Test
  void whatIsSentAheadOfAFactorWaitsForItsTurn() {
    fromServer(0, greeting());
    give(
        true,
        packet(1, response(CLIENT | Capabilities.PLUGIN_AUTH | MULTI_FACTOR)) + packet(3, "61"));
    assertThat(backend.taken())
        .isEqualTo(packet(1, response(CLIENT | Capabilities.PLUGIN_AUTH | MULTI_FACTOR)));
    fromServer(2, "02" + hex("authentication_ldap_simple") + "00");
    assertThat(backend.taken()).isEqualTo(packet(3, "61"));
  }
}
