package io.crossfade.server.config;

import io.crossfade.api.mapping.TableConfig.OrderColumn;
import io.crossfade.api.sql.TableName;
import io.crossfade.server.config.CrossfadeConfig.TlsVersion;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The types a single value of the configuration may have, and how each is written. */
final class ScalarTypes {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d)");
  private static final Pattern ORDER =
      Pattern.compile("([^\\s]+)(?:\\s+(asc|desc))?", Pattern.CASE_INSENSITIVE);

  /**
   * One type.
   *
   * @param expected how to write it, completing "is not …"
   * @param parser throws a RuntimeException when the text is no such value
   */
  record ScalarType(String expected, Function<String, Object> parser) {}

  private final Map<Class<?>, ScalarType> types = new HashMap<>();

  /** Relative paths are resolved against {@code directory}. */
  ScalarTypes(Path directory) {
    types.put(String.class, new ScalarType("text", text -> text));
    types.put(Object.class, new ScalarType("text", text -> text));
    types.put(Integer.class, new ScalarType("a whole number", Integer::valueOf));
    types.put(Long.class, new ScalarType("a whole number", Long::valueOf));
    types.put(Double.class, new ScalarType("a number", ScalarTypes::finite));
    types.put(BigDecimal.class, new ScalarType("a decimal number", ScalarTypes::decimal));
    types.put(Boolean.class, new ScalarType("true or false", ScalarTypes::bool));
    types.put(Duration.class, new ScalarType("a time such as 40ms, 20s or 2m", this::duration));
    types.put(ByteSize.class, new ScalarType("a size such as 512 KiB or 4 MiB", ByteSize::parse));
    types.put(HostPort.class, new ScalarType("an address of the form host:port", HostPort::parse));
    types.put(
        Endpoint.class,
        new ScalarType("an address of the form host:port or unix:/absolute/path", Endpoint::parse));
    types.put(Network.class, new ScalarType("a network of the form 10.0.0.0/8", Network::parse));
    types.put(TlsVersion.class, new ScalarType("one of TLSv1.2, TLSv1.3", TlsVersion::parse));
    types.put(
        InetSocketAddress.class,
        new ScalarType(
            "an address of the form host:port", text -> HostPort.parse(text).toConnect()));
    types.put(
        Path.class, new ScalarType("a path", text -> directory.resolve(Path.of(text)).normalize()));
    types.put(
        TableName.class, new ScalarType("a table of the form schema.table", TableName::parse));
    types.put(
        OrderColumn.class, new ScalarType("a column followed by asc or desc", this::orderColumn));
  }

  /** How {@code type} is written, if it is a type of single values. */
  Optional<ScalarType> find(Class<?> type) {
    ScalarType known = types.get(type);
    if (known != null) {
      return Optional.of(known);
    }
    return type.isEnum() ? Optional.of(enumeration(type)) : byParseMethod(type);
  }

  private static ScalarType enumeration(Class<?> type) {
    Map<String, Object> constants = new HashMap<>();
    for (Object constant : type.getEnumConstants()) {
      constants.put(
          ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'), constant);
    }
    List<String> names = constants.keySet().stream().sorted().toList();
    return new ScalarType(
        "one of " + String.join(", ", names),
        text ->
            Optional.ofNullable(constants.get(text))
                .orElseThrow(() -> new IllegalArgumentException("unknown name")));
  }

  /** A plugin's own type: any class with a public static {@code parse(String)} that returns it. */
  private static Optional<ScalarType> byParseMethod(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .filter(m -> m.getName().equals("parse") && Modifier.isStatic(m.getModifiers()))
        .filter(m -> Arrays.equals(m.getParameterTypes(), new Class<?>[] {String.class}))
        .filter(m -> m.getReturnType() == type)
        .findFirst()
        .map(m -> new ScalarType("a valid " + Kebab.of(type.getSimpleName()), t -> call(m, t)));
  }

  private static Object call(Method parse, String text) {
    try {
      return parse.invoke(null, text);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Double finite(String text) {
    return decimal(text).doubleValue();
  }

  /** Refuses exponents: 1e999999999 would take for ever to work with. */
  private static BigDecimal decimal(String text) {
    if (!text.matches("-?\\d{1,20}(\\.\\d{1,20})?")) {
      throw new IllegalArgumentException("no number");
    }
    return new BigDecimal(text);
  }

  private static Boolean bool(String text) {
    return switch (text) {
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      default -> throw new IllegalArgumentException("neither");
    };
  }

  private Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no time");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private OrderColumn orderColumn(String text) {
    Matcher matcher = ORDER.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no order");
    }
    return new OrderColumn(matcher.group(1), "desc".equalsIgnoreCase(matcher.group(2)));
  }
}
