package io.crossfade.server.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/**
 * A whole answer.
 *
 * @param status the HTTP status
 * @param type the content type
 * @param content the body
 */
record Response(int status, String type, byte[] content) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String POLICY =
      "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src"
          + " 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  static Response text(int status, String type, String text) {
    return new Response(status, type + "; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  static Response json(AdminAnswer answer) {
    try {
      return new Response(
          answer.status(), "application/json", JSON.writeValueAsBytes(answer.body()));
    } catch (JsonProcessingException e) {
      return error(500, "the answer cannot be written as JSON");
    }
  }

  static Response error(int status, String message) {
    return json(AdminAnswer.error(status, message));
  }

  /** The packet to send; a HEAD request gets the length without the body. */
  FullHttpResponse toHttp(boolean headOnly) {
    ByteBuf body = headOnly ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(content);
    FullHttpResponse http =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), body);
    http.headers()
        .set(HttpHeaderNames.CONTENT_TYPE, type)
        .set(HttpHeaderNames.CONTENT_LENGTH, content.length)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set("X-Content-Type-Options", "nosniff")
        .set("Referrer-Policy", "no-referrer")
        .set("Content-Security-Policy", POLICY);
    return http;
  }
}
