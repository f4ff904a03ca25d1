package io.crossfade.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.dualwrite.dirty.DirtyStore;
import io.crossfade.dualwrite.dirty.SessionId;
import io.crossfade.dualwrite.dirty.Xid;
import io.crossfade.dualwrite.mysql.Primary;
import io.crossfade.dualwrite.mysql.ServerChecks.PreparedXa;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionMonitorTest {
  private static final SessionId LOST = new SessionId("one", 7);

  private final Set<SessionId> undecided = new LinkedHashSet<>();
  private final Set<Xid> prepared = new LinkedHashSet<>();
  private int retried;
  private final Answers answers = new Answers();
  private final SessionMonitor monitor =
      new SessionMonitor(answers, new Primary("one", (old, next) -> {}), store());

  /** A server that says what it is told to. */
  private static final class Answers implements SessionMonitor.Server {
    private String uuid = "one";
    private final Set<Long> connections = new HashSet<>(Set.of(1L, 7L));
    private final Set<PreparedXa> prepared = new HashSet<>();
    private boolean down;

    @Override
    public SessionMonitor.Seen look(Primary primary, boolean withPrepared) throws SQLException {
      if (down) {
        throw new SQLException("gone away");
      }
      return new SessionMonitor.Seen(
          uuid, Set.copyOf(connections), withPrepared ? Set.copyOf(prepared) : Set.of());
    }

    @Override
    public Set<Long> own() {
      return Set.of(1L);
    }

    @Override
    public void drop() {
      connections.remove(1L);
    }
  }

  private DirtyStore store() {
    return (DirtyStore)
        Proxy.newProxyInstance(
            DirtyStore.class.getClassLoader(),
            new Class<?>[] {DirtyStore.class},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "undecided":
                  return Set.copyOf(undecided);
                case "prepared":
                  return Set.copyOf(prepared);
                case "ended":
                  undecided.remove(arguments[0]);
                  prepared.remove(arguments[0]);
                  return null;
                case "retryUndecided":
                  retried++;
                  return null;
                default:
                  throw new UnsupportedOperationException(method.getName());
              }
            });
  }

  /** After a restart of the server one of the pool's connections may have the session's id. */
  @Test
  void aConnectionOfTheMirrorsOwnDoesNotKeepASessionWithItsIdAlive() {
    undecided.add(new SessionId("one", 1));
    monitor.round();
    assertThat(undecided).isEmpty();
  }

  @Test
  void theMirrorKeepsItsConnectionsWhileNoSessionHasTheIdOfOne() {
    undecided.add(LOST);
    monitor.round();
    assertThat(answers.connections).contains(1L);
  }

  @Test
  void aSessionThatIsStillConnectedKeepsItsMarks() {
    undecided.add(LOST);
    monitor.round();
    assertThat(undecided).containsExactly(LOST);
  }

  @Test
  void aSessionThatIsGoneHasEnded() {
    undecided.add(LOST);
    monitor.round();
    answers.connections.remove(7L);
    monitor.round();
    assertThat(undecided).isEmpty();
  }

  @Test
  void aSessionOfAnotherServerHasEndedThoughItsNumberIsInUse() {
    undecided.add(LOST);
    undecided.add(new SessionId("two", 7));
    answers.uuid = "two";
    monitor.round();
    assertThat(undecided).containsExactly(new SessionId("two", 7));
  }

  @Test
  void nothingIsDecidedWhileTheServerDoesNotAnswer() {
    undecided.add(LOST);
    answers.connections.clear();
    answers.down = true;
    for (int i = 0; i < 20; i++) {
      monitor.round();
    }
    assertThat(undecided).containsExactly(LOST);
    assertThat(retried).isEqualTo(1);
    answers.down = false;
    monitor.round();
    assertThat(undecided).isEmpty();
  }

  @Test
  void anUnnamedSessionEndsWithTheLastOneThatWasThereAtStart() {
    undecided.add(SessionId.ANY);
    answers.connections.add(8L);
    monitor.round();
    answers.connections.remove(7L);
    answers.connections.add(9L);
    monitor.round();
    assertThat(undecided).containsExactly(SessionId.ANY);
    answers.connections.remove(8L);
    monitor.round();
    assertThat(undecided).as("9 came later, 1 is the proxy's own").isEmpty();
  }

  @Test
  void aPreparedTransactionHoldsUntilItIsNoLongerListed() {
    Xid xid = Xid.of(1, new byte[] {'g'}, new byte[] {'b'});
    prepared.add(xid);
    prepared.add(Xid.ANY);
    answers.prepared.add(new PreparedXa(1, 1, 1, "0x6762"));
    monitor.round();
    assertThat(prepared).containsExactlyInAnyOrder(xid, Xid.ANY);
    answers.prepared.clear();
    answers.prepared.add(new PreparedXa(1, 1, 1, "0x6763"));
    monitor.round();
    assertThat(prepared).containsExactly(Xid.ANY);
    answers.prepared.clear();
    monitor.round();
    assertThat(prepared).isEmpty();
  }
}
