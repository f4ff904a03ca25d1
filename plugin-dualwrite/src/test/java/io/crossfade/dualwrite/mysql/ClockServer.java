package io.crossfade.dualwrite.mysql;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.function.LongSupplier;

/** A server that can tell its clock and its name, and nothing else. */
final class ClockServer {
  String uuid = "one";
  boolean readOnly;
  private final LongSupplier clock;

  ClockServer(LongSupplier clock) {
    this.clock = clock;
  }

  Connection connection() {
    return proxy(Connection.class, (c, call, a) -> proxy(Statement.class, this::statement));
  }

  private Object statement(Object self, java.lang.reflect.Method call, Object[] arguments) {
    if (call.getName().equals("close")) {
      return 0;
    }
    long now = clock.getAsLong();
    return proxy(
        ResultSet.class,
        (r, get, column) ->
            switch (get.getName()) {
              case "getLong" -> now;
              case "getString" -> uuid;
              case "getInt" -> readOnly ? 1 : 0;
              default -> true;
            });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
