package io.crossfade.api.value;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/** MySQL's text of a FLOAT: six significant digits, {@code my_gcvt} of its dtoa.c. */
final class FloatText {
  private static final MathContext SIX_DIGITS = new MathContext(6, RoundingMode.HALF_EVEN);
  private static final int MAX_PLAIN_EXPONENT = 15;

  private FloatText() {}

  /** What the text protocol shows for a FLOAT whose exact value is {@code exact}. */
  static byte[] display(ColumnType type, byte[] exact) {
    float value = (float) Double.parseDouble(new String(exact, StandardCharsets.US_ASCII));
    BigDecimal decimal = new BigDecimal(value);
    String text;
    if (type.scale() > 0) {
      text = decimal.setScale(type.scale(), RoundingMode.HALF_EVEN).toPlainString();
    } else if (value == 0) {
      text = Float.floatToRawIntBits(value) == 0 ? "0" : "-0";
    } else {
      text = shortest(decimal.round(SIX_DIGITS).stripTrailingZeros());
    }
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String shortest(BigDecimal value) {
    int digits = value.precision();
    int pointAt = digits - value.scale();
    if (pointAt > -MAX_PLAIN_EXPONENT && (pointAt <= MAX_PLAIN_EXPONENT || digits > pointAt)) {
      return value.toPlainString();
    }
    String all = value.unscaledValue().abs().toString();
    String fraction = digits > 1 ? "." + all.substring(1) : "";
    return (value.signum() < 0 ? "-" : "") + all.charAt(0) + fraction + "e" + (pointAt - 1);
  }
}
