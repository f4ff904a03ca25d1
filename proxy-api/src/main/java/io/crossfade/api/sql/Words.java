package io.crossfade.api.sql;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The unquoted words that a statement may have besides names. A word that is neither here nor a
 * name in the parser's tree was dropped by the parser.
 */
final class Words {
  private static final Set<String> SYNTAX =
      Set.of(
          ("all and any as asc between by case collate cross current default delayed delete desc distinct"
                  + " distinctrow div do dual dumpfile duplicate else end escape except exists false"
                  + " first following for force from full group having high_priority ignore in index inner"
                  + " insert interval into is join key last left like limit lock low_priority mode mod natural not"
                  + " null offset on option or order outer outfile over partition preceding primary"
                  + " quick range recursive regexp replace right rollup row rows select separator set"
                  + " share signed some sql_big_result sql_buffer_result sql_cache"
                  + " sql_calc_found_rows sql_no_cache sql_small_result straight_join table then"
                  + " true truncate unbounded unsigned update use using value values when where"
                  + " window with union"
                  + " microsecond second minute hour day week month quarter year second_microsecond"
                  + " minute_microsecond minute_second hour_microsecond hour_second hour_minute"
                  + " day_microsecond day_second day_minute day_hour year_month"
                  + " cast convert extract locked nowait rlike skip"
                  + " binary char character charset date datetime decimal double float integer json"
                  + " nchar real time varchar both leading trailing current_timestamp current_date"
                  + " current_time current_user localtime localtimestamp utc_date utc_time utc_timestamp"
                  + " utf8mb4 utf8mb3 utf8 latin1 ascii")
              .split(" "));

  private Words() {}

  /** Whether {@code walk} has seen every name of {@code tokens}. */
  static boolean allSeen(List<Token> tokens, String template, TreeWalk walk) {
    for (Token token : tokens) {
      String text = token.text(template).toLowerCase(Locale.ROOT);
      boolean seen =
          switch (token.kind()) {
            case WORD -> SYNTAX.contains(text) || walk.sawName(text);
            case QUOTED -> walk.sawName(text);
            case VARIABLE, HINT, SYMBOL -> true;
          };
      if (!seen) {
        return false;
      }
    }
    return true;
  }
}
