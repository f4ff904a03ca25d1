package io.crossfade.server.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Looks for any of several names in bytes, ignoring the case of ASCII letters: Horspool's algorithm
 * over the shortest name's length. Of a name with other characters only its longest run of ASCII
 * without quotes is looked for, so that neither the session's character set matters nor that a
 * quote in a quoted name is written twice; too much may be found, never too little. Immutable.
 */
final class NameSearch {
  private final byte[][] names;
  private final int window;
  private final int longest;
  private final int[] shift = new int[256];
  private final boolean everywhere;

  /** Looks for {@code names}, given in lower case. */
  NameSearch(byte[]... wanted) {
    List<byte[]> runs = new ArrayList<>();
    boolean empty = false;
    for (byte[] name : wanted) {
      byte[] run = longestAsciiRun(name);
      empty |= run.length == 0;
      runs.add(run);
    }
    everywhere = empty;
    names = runs.toArray(byte[][]::new);
    window = runs.stream().mapToInt(n -> n.length).min().orElse(0);
    longest = runs.stream().mapToInt(n -> n.length).max().orElse(0);
    Arrays.fill(shift, Math.max(window, 1));
    for (byte[] name : names) {
      for (int i = 0; i < window; i++) {
        int distance = window - 1 - i;
        int lower = name[i];
        shift[lower] = Math.min(shift[lower], distance);
        int upper = lower >= 'a' && lower <= 'z' ? lower - 32 : lower;
        shift[upper] = Math.min(shift[upper], distance);
      }
    }
  }

  /** Looks for words. */
  static NameSearch words(String... words) {
    return new NameSearch(
        Arrays.stream(words)
            .map(w -> w.getBytes(StandardCharsets.US_ASCII))
            .toArray(byte[][]::new));
  }

  private static byte[] longestAsciiRun(byte[] name) {
    int best = 0;
    int bestFrom = 0;
    int from = 0;
    for (int i = 0; i <= name.length; i++) {
      if (i == name.length || name[i] < 0 || name[i] == '`' || name[i] == '"') {
        if (i - from > best) {
          best = i - from;
          bestFrom = from;
        }
        from = i + 1;
      }
    }
    return Arrays.copyOfRange(name, bestFrom, bestFrom + best);
  }

  /** Whether there is nothing to look for. */
  boolean isEmpty() {
    return names.length == 0;
  }

  /** Whether one of the names lies in {@code [from, to)}. */
  boolean find(ByteBuf in, int from, int to) {
    if (names.length == 0) {
      return false;
    }
    if (everywhere) {
      return true;
    }
    int at = from;
    while (at + window <= to) {
      int jump = shift[in.getUnsignedByte(at + window - 1)];
      if (jump > 0) {
        at += jump;
      } else {
        if (anyAt(in, at, to)) {
          return true;
        }
        at++;
      }
    }
    return false;
  }

  private boolean anyAt(ByteBuf in, int at, int to) {
    for (byte[] name : names) {
      if (at + name.length <= to && matches(in, at, name)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(ByteBuf in, int at, byte[] name) {
    for (int i = 0; i < name.length; i++) {
      int b = in.getByte(at + i);
      if (b >= 'A' && b <= 'Z') {
        b += 32;
      }
      if (b != name[i]) {
        return false;
      }
    }
    return true;
  }

  /** A search over bytes that arrive in pieces. Event-loop confined. */
  Streaming streaming() {
    return new Streaming();
  }

  /** See {@link #streaming}. */
  final class Streaming {
    /** So much at a time is copied to where it can be searched fast. */
    private static final int CHUNK = 8192;

    private final int overlap = Math.max(0, longest - 1);
    private final byte[] bytes = new byte[overlap + CHUNK];
    private final ByteBuf view = Unpooled.wrappedBuffer(bytes);

    /** How many bytes of what came before are kept: a name may have begun there. */
    private int kept;

    private boolean found = everywhere;

    /** Searches the next piece, the seam to what came before included. */
    void feed(ByteBuf in, int from, int length) {
      int end = from + length;
      for (int at = from; at < end && !found && names.length > 0; ) {
        int part = Math.min(CHUNK, end - at);
        in.getBytes(at, bytes, kept, part);
        at += part;
        int filled = kept + part;
        found = find(view, 0, filled);
        kept = Math.min(overlap, filled);
        System.arraycopy(bytes, filled - kept, bytes, 0, kept);
      }
    }

    /** Whether one was found so far. */
    boolean found() {
      return found;
    }
  }
}
