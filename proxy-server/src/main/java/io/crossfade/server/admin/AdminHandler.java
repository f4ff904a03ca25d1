package io.crossfade.server.admin;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.timeout.IdleStateEvent;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of the admin port: reads one request, has it answered on a worker thread, writes
 * the answer, reads the next. Event-loop confined; expects auto-read off.
 */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOGGER = LoggerFactory.getLogger(AdminHandler.class);

  private final AdminRoutes routes;
  private final Executor workers;
  private boolean answering;

  AdminHandler(AdminRoutes routes, Executor workers) {
    this.routes = routes;
    this.workers = workers;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    context.read();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    boolean keepAlive = HttpUtil.isKeepAlive(request);
    boolean headOnly = request.method().equals(HttpMethod.HEAD);
    if (request.decoderResult().isFailure()) {
      write(context, Response.error(400, "no valid HTTP request"), false, headOnly);
      return;
    }
    HttpMethod method = request.method();
    String uri = request.uri();
    HttpHeaders headers = new DefaultHttpHeaders().set(request.headers());
    answering = true;
    try {
      workers.execute(
          () -> {
            Response response = routes.answer(method, uri, headers);
            context
                .executor()
                .execute(
                    () -> {
                      answering = false;
                      write(context, response, keepAlive, headOnly);
                    });
          });
    } catch (RejectedExecutionException e) {
      answering = false;
      write(context, Response.error(503, "too many admin requests at once"), false, headOnly);
    }
  }

  private static void write(
      ChannelHandlerContext context, Response response, boolean keepAlive, boolean headOnly) {
    FullHttpResponse http = response.toHttp(headOnly);
    HttpUtil.setKeepAlive(http, keepAlive);
    context
        .writeAndFlush(http)
        .addListener(keepAlive ? f -> context.read() : ChannelFutureListener.CLOSE);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (!answering) {
      context.read();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent && !answering) {
      context.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOGGER.atDebug().setCause(cause).log("admin connection closed");
    context.close();
  }
}
