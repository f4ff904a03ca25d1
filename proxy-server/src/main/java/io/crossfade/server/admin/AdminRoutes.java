package io.crossfade.server.admin;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request to its answer; never throws. Thread-safe. */
final class AdminRoutes {
  private static final Logger LOGGER = LoggerFactory.getLogger(AdminRoutes.class);
  private static final String KNOWN =
      "known are GET / /status /metrics /livez /readyz, POST /reload /tables/{table}/{command}";

  private final AdminBackend backend;
  private final RequestGuard guard;
  private final String page;

  AdminRoutes(AdminBackend backend, RequestGuard guard) {
    this.backend = backend;
    this.guard = guard;
    try (InputStream in = AdminRoutes.class.getResourceAsStream("page.html")) {
      if (in == null) {
        throw new IllegalStateException("page.html is missing from the jar");
      }
      page = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** May block. */
  Response answer(HttpMethod method, String uri, HttpHeaders headers) {
    try {
      QueryStringDecoder target = new QueryStringDecoder(uri);
      boolean reading = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
      return reading ? read(target.path(), headers) : change(method, target, headers);
    } catch (IllegalArgumentException e) {
      return Response.error(400, "malformed request: " + e.getMessage());
    } catch (RuntimeException e) {
      LOGGER.atError().setCause(e).log("an admin request failed");
      return Response.error(500, "failed; the proxy's log says why");
    }
  }

  private Response read(String path, HttpHeaders headers) {
    switch (path) {
      case "/metrics":
        return Response.text(200, "text/plain; version=0.0.4", backend.metrics());
      case "/livez":
        return Response.json(AdminAnswer.ok(Map.of("alive", true)));
      case "/readyz":
        Map<String, String> reasons = backend.notReady();
        return Response.json(
            new AdminAnswer(
                reasons.isEmpty() ? 200 : 503,
                Map.of("ready", reasons.isEmpty(), "reasons", reasons)));
      default:
        break;
    }
    Optional<String> refused = guard.refuseHost(headers);
    if (refused.isPresent()) {
      return Response.error(403, refused.get());
    }
    return switch (path) {
      case "/" -> Response.text(200, "text/html", page);
      case "/status" -> Response.json(AdminAnswer.ok(backend.status()));
      case "/reload" -> Response.error(405, "use POST");
      default -> Response.error(404, "nothing here; " + KNOWN);
    };
  }

  private Response change(HttpMethod method, QueryStringDecoder target, HttpHeaders headers) {
    Optional<String> refused = guard.refuseHost(headers).or(() -> guard.refuseChange(headers));
    if (refused.isPresent()) {
      return Response.error(403, refused.get());
    }
    if (!method.equals(HttpMethod.POST)) {
      return Response.error(405, "only GET, HEAD and POST are known");
    }
    if (target.path().equals("/reload")) {
      return Response.json(backend.reload());
    }
    String[] parts = target.path().split("/", -1);
    if (parts.length == 4 && parts[1].equals("tables")) {
      return Response.json(backend.command(parts[2], parts[3], arguments(target)));
    }
    return Response.error(404, "nothing here; " + KNOWN);
  }

  private static Map<String, String> arguments(QueryStringDecoder target) {
    Map<String, String> arguments = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> entry : target.parameters().entrySet()) {
      if (entry.getValue().size() > 1) {
        throw new IllegalArgumentException("the argument " + entry.getKey() + " is given twice");
      }
      arguments.put(entry.getKey(), entry.getValue().get(0));
    }
    return arguments;
  }
}
