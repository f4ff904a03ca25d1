package io.crossfade.server.protocol;

/** The commands of the command phase: "Command Phase" in the manual. */
public enum CommandType {
  QUIT(0x01, AnswerShape.NONE),
  INIT_DB(0x02, AnswerShape.ONE),
  QUERY(0x03, AnswerShape.RESULTS),
  FIELD_LIST(0x04, AnswerShape.FIELDS),
  CREATE_DB(0x05, AnswerShape.ONE),
  DROP_DB(0x06, AnswerShape.ONE),
  REFRESH(0x07, AnswerShape.ONE),
  SHUTDOWN(0x08, AnswerShape.ONE),
  STATISTICS(0x09, AnswerShape.ONE),
  PROCESS_INFO(0x0A, AnswerShape.RESULTS),
  PROCESS_KILL(0x0C, AnswerShape.ONE),
  DEBUG(0x0D, AnswerShape.ONE),
  PING(0x0E, AnswerShape.ONE),
  CHANGE_USER(0x11, AnswerShape.AUTHENTICATION),
  BINLOG_DUMP(0x12, AnswerShape.ENDLESS),
  TABLE_DUMP(0x13, AnswerShape.ENDLESS),
  REGISTER_SLAVE(0x15, AnswerShape.ONE),
  STMT_PREPARE(0x16, AnswerShape.PREPARE),
  STMT_EXECUTE(0x17, AnswerShape.RESULTS),
  STMT_SEND_LONG_DATA(0x18, AnswerShape.NONE),
  STMT_CLOSE(0x19, AnswerShape.NONE),
  STMT_RESET(0x1A, AnswerShape.ONE),
  SET_OPTION(0x1B, AnswerShape.ONE),
  STMT_FETCH(0x1C, AnswerShape.ROWS),
  BINLOG_DUMP_GTID(0x1E, AnswerShape.ENDLESS),
  RESET_CONNECTION(0x1F, AnswerShape.ONE),
  CLONE(0x20, AnswerShape.ENDLESS),
  /** MariaDB's: one statement, many rows of parameters. */
  STMT_BULK_EXECUTE(0xFA, AnswerShape.RESULTS),
  /** Any other byte. */
  UNKNOWN(-1, AnswerShape.ONE);

  private static final CommandType[] BY_CODE = new CommandType[256];

  static {
    java.util.Arrays.fill(BY_CODE, UNKNOWN);
    for (CommandType type : values()) {
      if (type.code >= 0) {
        BY_CODE[type.code] = type;
      }
    }
  }

  private final int code;
  private final AnswerShape answer;

  CommandType(int code, AnswerShape answer) {
    this.code = code;
    this.answer = answer;
  }

  /** The command whose first payload byte is {@code code}. */
  public static CommandType of(int code) {
    return BY_CODE[code & 0xFF];
  }

  /** The command byte; -1 for {@link #UNKNOWN}. */
  public int code() {
    return code;
  }

  /** What MySQL answers. */
  public AnswerShape answer() {
    return answer;
  }

  /**
   * Whether the command can change no row and end no transaction, whatever it carries: preparing
   * and housekeeping.
   */
  public boolean harmless() {
    return switch (this) {
      case QUIT,
          INIT_DB,
          FIELD_LIST,
          STATISTICS,
          PROCESS_INFO,
          PING,
          STMT_PREPARE,
          STMT_SEND_LONG_DATA,
          STMT_CLOSE,
          STMT_RESET,
          SET_OPTION,
          STMT_FETCH ->
          true;
      case QUERY,
          CREATE_DB,
          DROP_DB,
          REFRESH,
          SHUTDOWN,
          PROCESS_KILL,
          DEBUG,
          CHANGE_USER,
          BINLOG_DUMP,
          TABLE_DUMP,
          REGISTER_SLAVE,
          STMT_EXECUTE,
          BINLOG_DUMP_GTID,
          RESET_CONNECTION,
          CLONE,
          STMT_BULK_EXECUTE,
          UNKNOWN ->
          false;
    };
  }
}
