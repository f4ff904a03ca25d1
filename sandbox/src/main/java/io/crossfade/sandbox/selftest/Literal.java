package io.crossfade.sandbox.selftest;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HexFormat;

/** Binds a parameter that is written as a literal. */
final class Literal {
  private Literal() {}

  static void bind(PreparedStatement statement, int index, String literal) throws SQLException {
    if (literal.equals("NULL")) {
      statement.setNull(index, Types.VARCHAR);
    } else if (literal.startsWith("'")) {
      String text = literal.substring(1, literal.length() - 1).replace("''", "'");
      statement.setString(index, text);
    } else if (literal.startsWith("0x")) {
      statement.setBytes(index, HexFormat.of().parseHex(literal.substring(2)));
    } else if (literal.startsWith("x'")) {
      String digits = literal.substring(2, literal.length() - 1);
      statement.setBytes(index, HexFormat.of().parseHex(digits));
    } else if (literal.contains(".")) {
      statement.setBigDecimal(index, new BigDecimal(literal));
    } else {
      BigInteger number = new BigInteger(literal);
      if (number.bitLength() < Long.SIZE) {
        statement.setLong(index, number.longValue());
      } else {
        statement.setObject(index, number);
      }
    }
  }
}
