package io.crossfade.server.fuzz;

import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.api.plugin.Outcome;
import io.crossfade.api.plugin.ResultMetadata;
import io.crossfade.api.plugin.Verdict;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Two ends that send anything: random bytes, proper packets at the wrong moment, proper packets
 * with a few bytes changed, before, during and after the login. The session may end, but only in
 * order; without plugins every byte goes through unchanged until then.
 */
public final class GarbageTarget implements ScriptedPlugin.Judge {
  private static final int MAX_STEPS = 400;

  private final Draw draw;
  private final long capabilities;
  private final boolean transparent;
  private final boolean loginFirst;
  private final Script script;
  private final Duplex duplex;
  private final ByteArrayOutputStream fromClient = new ByteArrayOutputStream();
  private final ByteArrayOutputStream fromServer = new ByteArrayOutputStream();
  private final ByteArrayOutputStream atClient = new ByteArrayOutputStream();
  private final ByteArrayOutputStream atServer = new ByteArrayOutputStream();
  private final List<CompletableFuture<Verdict>> open = new ArrayList<>();
  private @Nullable ResultMetadata learned;

  private GarbageTarget(byte[] input) {
    draw = new Draw(input);
    capabilities = Login.capabilities(draw);
    int plugins = draw.below(3);
    boolean attentive = draw.onceIn(3);
    transparent = plugins == 0;
    loginFirst = !draw.onceIn(4);
    script = new Script(draw, capabilities, true, attentive);
    List<InterceptorFactory<?>> factories = new ArrayList<>();
    for (int i = 0; i < plugins; i++) {
      factories.add(new ScriptedPlugin(i, attentive, this));
    }
    duplex = new Duplex(draw, factories, true, atClient::writeBytes, atServer::writeBytes);
  }

  /** One case. */
  public static void fuzzerTestOneInput(byte[] input) {
    Direct.leavesNothing(
        () -> {
          GarbageTarget target = new GarbageTarget(input);
          try (Duplex duplex = target.duplex) {
            target.run();
          }
        });
  }

  private void run() {
    if (loginFirst) {
      send(false, Login.greeting());
      flow();
      send(true, Login.response(capabilities));
      flow();
      send(false, Login.ok());
      flow();
      duplex.loggedIn();
    }
    for (int i = 0; i < MAX_STEPS && draw.more() && !duplex.over(); i++) {
      step();
    }
    duplex.writable(true, true);
    duplex.writable(false, true);
    flow();
    if (transparent && loginFirst) {
      passedOn(fromClient, atServer, false, "the client's");
      passedOn(fromServer, atClient, !duplex.over(), "MySQL's");
    }
  }

  private void flow() {
    while (duplex.give(true) | duplex.give(false)) {
      duplex.runPending();
    }
  }

  private void step() {
    switch (draw.below(12)) {
      case 0, 1 -> send(true, clientBytes());
      case 2, 3 -> send(false, serverBytes());
      case 4, 5 -> duplex.give(true);
      case 6, 7 -> duplex.give(false);
      case 8 -> duplex.writable(true, !duplex.client.writable);
      case 9 -> duplex.writable(false, !duplex.backend.writable);
      case 10 -> {
        if (draw.onceIn(8)) {
          duplex.session.drain();
        } else {
          duplex.timePasses();
        }
      }
      default -> {
        List<CompletableFuture<Verdict>> now = List.copyOf(open);
        open.clear();
        now.forEach(f -> f.complete(verdict()));
        duplex.runPending();
      }
    }
  }

  private void send(boolean asClient, byte[] bytes) {
    (asClient ? fromClient : fromServer).writeBytes(bytes);
    (asClient ? duplex.clientSide : duplex.serverSide).add(bytes);
  }

  private byte[] clientBytes() {
    return switch (draw.below(7)) {
      case 0 -> draw.bytes(40);
      case 1 -> Wire.packetOf(draw.below(4), draw.bytes(60));
      case 2 -> mutated(script.next().packet);
      case 3 -> Login.response(capabilities);
      case 4 -> Wire.packetOf(0, new Wire().u8(draw.next()).raw(draw.bytes(12)).bytes());
      default -> script.next().packet;
    };
  }

  private byte[] serverBytes() {
    return switch (draw.below(7)) {
      case 0 -> draw.bytes(40);
      case 1 -> Wire.packetOf(draw.below(4), draw.bytes(60));
      case 2 -> mutated(reply().stages().get(0));
      case 3 -> Login.greeting();
      case 4 -> Login.ok();
      default -> reply().stages().get(0);
    };
  }

  private Reply reply() {
    Reply reply = new Reply(draw, capabilities);
    return switch (draw.below(8)) {
      case 0 -> reply.ok();
      case 1 -> reply.error();
      case 2 -> reply.prepared(draw.below(9));
      case 3 -> reply.fetched();
      case 4 -> reply.authentication();
      case 5 -> reply.row("db");
      default -> reply.results(draw.onceIn(2), draw.onceIn(2), draw.onceIn(2));
    };
  }

  private byte[] mutated(byte[] packet) {
    byte[] out = Arrays.copyOf(packet, Math.max(1, packet.length - draw.below(4)));
    int changes = 1 + draw.below(3);
    for (int i = 0; i < changes; i++) {
      out[draw.below(Math.min(out.length, 60))] = (byte) draw.next();
    }
    return out;
  }

  private void passedOn(
      ByteArrayOutputStream in, ByteArrayOutputStream out, boolean all, String whose) {
    byte[] given = in.toByteArray();
    byte[] got = out.toByteArray();
    int common = Math.min(given.length, got.length);
    int different = Arrays.mismatch(given, 0, common, got, 0, common);
    if (different >= 0 || got.length > given.length) {
      throw new AssertionError(whose + " bytes are changed at " + different);
    }
    if (all && got.length < given.length) {
      throw new AssertionError((given.length - got.length) + " of " + whose + " bytes are held");
    }
  }

  private Verdict verdict() {
    ResultMetadata metadata = learned;
    return switch (draw.below(4)) {
      case 0 -> Verdict.forward();
      case 1 -> Verdict.refuse(1290, "HY000", "refused");
      case 2 -> Verdict.forwardAndLearn();
      default ->
          metadata == null
              ? Verdict.forwardAndLearn()
              : Verdict.answer(metadata, List.of(ScriptedPlugin.nulls(metadata.columns().size())));
    };
  }

  @Override
  public CompletionStage<Verdict> before(Exchange exchange) {
    switch (draw.below(6)) {
      case 0 -> throw new IllegalArgumentException("a plugin's defect");
      case 1 -> {
        CompletableFuture<Verdict> later = new CompletableFuture<>();
        open.add(later);
        return later;
      }
      case 2 -> {
        return exchange.session().facts().handle((facts, error) -> verdict());
      }
      default -> {
        return CompletableFuture.completedFuture(verdict());
      }
    }
  }

  @Override
  public void after(Exchange exchange, Outcome outcome) {
    ResultMetadata metadata = outcome.metadata();
    if (metadata != null) {
      learned = metadata;
    }
  }
}
