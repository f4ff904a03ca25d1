package io.crossfade.sandbox.workload;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Mutual follows: a seeded generator shaped like a social graph (few people with very long lists,
 * many with short ones), or a file of two columns. Each mutual follow is two rows of the follower
 * table.
 */
public final class SocialGraph {
  private final List<Edge> edges;

  private SocialGraph(List<Edge> edges) {
    this.edges = edges;
  }

  /** The rows, each (user, follower) pair once. */
  public List<Edge> edges() {
    return edges;
  }

  /**
   * Preferential attachment: each newcomer follows a few people, chosen mostly among the already
   * popular ones.
   *
   * @param rows about how many rows to make; the result has as many, or one more
   * @param seed the same seed gives the same graph
   */
  public static SocialGraph generate(int rows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int mutual = Math.max(1, (rows + 1) / 2);
    Set<Edge> seen = new HashSet<>(mutual * 2);
    long[] ends = new long[2 * mutual];
    int filled = 0;
    long newcomer = 1;
    List<Edge> edges = new ArrayList<>(2 * mutual);
    while (edges.size() < 2 * mutual) {
      long a = newcomer++;
      int follows = 1 + random.nextInt(15);
      for (int i = 0; i < follows && edges.size() < 2 * mutual; i++) {
        long b =
            filled == 0 || random.nextInt(10) == 0
                ? random.nextLong(a + 1)
                : ends[random.nextInt(filled)];
        if (a != b && seen.add(new Edge(a, b)) && seen.add(new Edge(b, a))) {
          edges.add(new Edge(a, b));
          edges.add(new Edge(b, a));
          ends[filled++] = a;
          ends[filled++] = b;
        }
      }
    }
    return new SocialGraph(edges);
  }

  /**
   * Reads mutual follows from a file of two integer columns separated by comma, semicolon, tab or
   * blank. Empty lines, {@code #} comments and one header line are passed over; a repeated edge
   * counts once.
   *
   * @throws IOException when the file cannot be read or a line is not of that form; the message
   *     names file and line
   */
  public static SocialGraph read(Path file) throws IOException {
    Set<Edge> seen = new HashSet<>();
    List<Edge> edges = new ArrayList<>();
    try (BufferedReader in = Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        String text = line.strip();
        if (text.isEmpty() || text.startsWith("#") || (number == 1 && !text.matches("[-\\d].*"))) {
          continue;
        }
        String[] columns = text.split("[,;\\s]+");
        if (columns.length != 2) {
          throw new IOException(
              file + ":" + number + ": expected two columns, found " + columns.length);
        }
        long a;
        long b;
        try {
          a = Long.parseLong(columns[0]);
          b = Long.parseLong(columns[1]);
        } catch (NumberFormatException e) {
          throw new IOException(file + ":" + number + ": '" + text + "' is not two integers", e);
        }
        if (seen.add(new Edge(a, b))) {
          edges.add(new Edge(a, b));
        }
        if (seen.add(new Edge(b, a))) {
          edges.add(new Edge(b, a));
        }
      }
    }
    if (edges.isEmpty()) {
      throw new IOException(file + ": no edges");
    }
    return new SocialGraph(edges);
  }
}
