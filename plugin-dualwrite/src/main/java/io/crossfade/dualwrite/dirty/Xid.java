package io.crossfade.dualwrite.dirty;

import java.util.HexFormat;

/**
 * The identifier of a prepared XA transaction, in a form that compares.
 *
 * @param text {@code formatID:gtrid:bqual}, the last two in hexadecimal
 */
public record Xid(String text) {
  /** An identifier the proxy could not read: gone once XA RECOVER lists nothing at all. */
  public static final Xid ANY = new Xid("*");

  /** The identifier as {@code XA RECOVER} lists it. */
  public static Xid of(long formatId, byte[] gtrid, byte[] bqual) {
    HexFormat hex = HexFormat.of();
    return new Xid(formatId + ":" + hex.formatHex(gtrid) + ":" + hex.formatHex(bqual));
  }
}
