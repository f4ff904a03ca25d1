package io.crossfade.dualwrite.stage;

import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.mirror.Lane;
import io.crossfade.dualwrite.reconcile.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes what happened to a table, as Markdown and HTML, into a directory. */
public final class Report {
  private final Path directory;

  public Report(Path directory) {
    this.directory = directory;
  }

  /** Where the reports of a table are; empty until they are written. */
  List<String> paths(TableName table) {
    return List.of(path(table, ".md"), path(table, ".html")).stream()
        .filter(Files::exists)
        .map(Path::toString)
        .toList();
  }

  /** Where the Markdown report of a table is, or would be. */
  String markdown(TableName table) {
    return path(table, ".md").toString();
  }

  /** Where the HTML report of a table is, or would be. */
  String html(TableName table) {
    return path(table, ".html").toString();
  }

  private Path path(TableName table, String suffix) {
    return directory.resolve(table + suffix);
  }

  void write(Lane lane, Progress progress, Map<Migration.Kind, Job> jobs, Retirement retirement)
      throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("# Migration of ").append(lane.table()).append("\n\n");
    text.append("Stage: ").append(progress.stage().label()).append("\n\n## Gates\n\n");
    progress.history().forEach(line -> text.append("* ").append(line).append('\n'));
    text.append("\n## Figures\n\n| job | figure | value |\n|---|---|---|\n");
    jobs.forEach(
        (kind, job) ->
            job.report()
                .forEach(
                    (name, value) ->
                        text.append("| ")
                            .append(kind.name().toLowerCase(java.util.Locale.ROOT))
                            .append(" | ")
                            .append(name)
                            .append(" | ")
                            .append(value)
                            .append(" |\n")));
    text.append("\n## Since the proxy started\n\n| count | value |\n|---|---|\n");
    lane.notice()
        .counts()
        .forEach(
            (name, value) ->
                text.append("| ").append(name).append(" | ").append(value).append(" |\n"));
    text.append("\n## Incidents\n\n");
    List<String> incidents = lane.notice().incidents();
    incidents.forEach(line -> text.append("* ").append(line).append('\n'));
    if (incidents.isEmpty()) {
      text.append("None since the proxy started.\n");
    }
    text.append("\n## To retire the old table\n\n");
    retirement.statements().forEach(sql -> text.append("    ").append(sql).append(";\n"));
    Files.createDirectories(directory);
    Files.writeString(path(lane.table(), ".md"), text);
    Files.writeString(path(lane.table(), ".html"), html(text.toString()));
  }

  /** The few forms of Markdown that {@link #write} uses. */
  static String html(String markdown) {
    StringBuilder html =
        new StringBuilder(
            "<!doctype html><meta charset=utf-8><title>Migration report</title><style>body{font:15px"
                + " sans-serif;max-width:60em;margin:2em auto}td,th{border:1px solid #ccc;padding:.2em"
                + " .6em}table{border-collapse:collapse}</style>\n");
    boolean table = false;
    for (String raw : markdown.split("\n", -1)) {
      String line = raw.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
      if (table != line.startsWith("|")) {
        table = !table;
        html.append(table ? "<table>\n" : "</table>\n");
      }
      if (line.startsWith("## ")) {
        html.append("<h2>").append(line.substring(3)).append("</h2>\n");
      } else if (line.startsWith("# ")) {
        html.append("<h1>").append(line.substring(2)).append("</h1>\n");
      } else if (line.startsWith("* ")) {
        html.append("<p>&bull; ").append(line.substring(2)).append("</p>\n");
      } else if (line.startsWith("    ")) {
        html.append("<pre>").append(line.substring(4)).append("</pre>\n");
      } else if (table && !line.startsWith("|---")) {
        html.append("<tr>");
        String[] cells = line.split("\\|", -1);
        for (int i = 1; i < cells.length - 1; i++) {
          html.append("<td>").append(cells[i].trim()).append("</td>");
        }
        html.append("</tr>\n");
      } else if (!line.isEmpty() && !table) {
        html.append("<p>").append(line).append("</p>\n");
      }
    }
    return html.append(table ? "</table>\n" : "").toString();
  }
}
