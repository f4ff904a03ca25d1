"""PyMySQL at its ordinary work. Arguments: host port schema."""

import datetime
import decimal
import hashlib
import sys
import tempfile
import warnings

import pymysql
import pymysql.cursors

HOST, PORT, SCHEMA = sys.argv[1], int(sys.argv[2]), sys.argv[3]


def connect(user="sha2", password=None, **options):
    return pymysql.connect(
        host=HOST, port=PORT, user=user, password=password or user, database=options.pop("database", SCHEMA), **options
    )


def attempt(cursor, sql, parameters=None, many=False):
    """Executes, and prints counts, definitions, rows, further results and warnings, or the error."""
    print(">", sql[:200])
    try:
        affected = cursor.executemany(sql, parameters) if many else cursor.execute(sql, parameters)
        while True:
            print("count", affected, cursor.rowcount, "id", cursor.lastrowid)
            for column in cursor.description or ():
                print("column", column)
            for row in cursor.fetchall():
                print("|", row)
            if not cursor.nextset():
                break
            affected = None
        print("warnings", cursor.connection.show_warnings())
    except pymysql.err.MySQLError as e:
        print("!", type(e).__name__, e.args)


def types(cursor):
    attempt(
        cursor,
        "CREATE TABLE kinds (id INT AUTO_INCREMENT PRIMARY KEY, bi BIGINT, bu BIGINT UNSIGNED, f FLOAT, d DOUBLE,"
        " de DECIMAL(20,6), dt DATE, tm TIME(3), dtm DATETIME(6), y YEAR, v VARCHAR(60), vb VARBINARY(20), tx TEXT,"
        " bl LONGBLOB, j JSON, e ENUM('a','b'), s SET('x','y'), b BIT(9), p POINT)",
    )
    row = (
        -(2**63), 2**64 - 1, 1.25, 3.14159, decimal.Decimal("12345678901234.567891"), datetime.date(2024, 2, 29),
        datetime.timedelta(hours=-5, milliseconds=1), datetime.datetime(2024, 2, 29, 23, 59, 59, 123456), 2025,
        "it's %s ünï 😀 \\", b"\x00\x01\xfe\xff'", "text\n", b"blob", '{"a": [1, null]}', "b", "x,y", 300,
    )
    insert = "INSERT INTO kinds VALUES (NULL" + ", %s" * len(row) + ", POINT(1, -2))"
    attempt(cursor, insert, row)
    attempt(cursor, insert, [None] * len(row))
    attempt(cursor, "SELECT * FROM kinds ORDER BY id")
    blob = bytes(range(256)) * (17 << 12)
    attempt(cursor, "UPDATE kinds SET bl = %s WHERE id = 1", (blob,))
    cursor.execute("SELECT bl FROM kinds WHERE id = 1")
    print("blob", hashlib.md5(cursor.fetchone()[0]).hexdigest())


def follower(connection, cursor):
    insert = "INSERT INTO follower (user_id, follower_id, created_at, status) VALUES (%s, %s, %s, %s)"
    when = datetime.datetime(2025, 1, 1, 0, 0, 0, 1000)
    rows = [(1 + i % 3, i, when + datetime.timedelta(milliseconds=i), i % 2) for i in range(60)]
    attempt(cursor, insert, rows, many=True)
    attempt(cursor, insert, rows[0])
    attempt(cursor, insert + " ON DUPLICATE KEY UPDATE status = status + 3", rows[0])
    attempt(cursor, "UPDATE follower SET status = %s WHERE user_id = %s AND follower_id IN %s", (9, 1, (3, 6, 9)))
    attempt(cursor, "DELETE FROM follower WHERE user_id = %s ORDER BY created_at LIMIT 3", (2,))
    connection.commit()
    attempt(cursor, "DELETE FROM follower")
    connection.rollback()
    connection.autocommit(True)
    attempt(cursor, "UPDATE follower SET user_id = user_id + 100 WHERE follower_id > 50")
    attempt(cursor, "SELECT * FROM follower ORDER BY user_id, follower_id")


def load(cursor):
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as rows:
        for i in range(1, 501):
            rows.write(f"40,{i},2025-04-04 00:00:00.{i:03},1\n")
        rows.write("40,999,no time,1\n")
        rows.flush()
        sql = f"LOAD DATA LOCAL INFILE '{rows.name}' INTO TABLE follower FIELDS TERMINATED BY ','"
        with warnings.catch_warnings(record=True):
            print("count", cursor.execute(sql), cursor.connection.show_warnings())
    try:
        cursor.execute("LOAD DATA LOCAL INFILE '/nowhere' INTO TABLE follower")
    except pymysql.err.MySQLError as e:
        print("!", type(e).__name__, e.args)


def main():
    connection = connect(charset="utf8mb4", local_infile=True, client_flag=pymysql.constants.CLIENT.MULTI_STATEMENTS)
    print(connection.get_server_info(), connection.get_host_info().split()[0], connection.character_set_name())
    with connection.cursor() as cursor:
        types(cursor)
        follower(connection, cursor)
        load(cursor)
        attempt(cursor, "SELECT 1; DO 0; SELECT 2, 3; UPDATE follower SET status = 4 WHERE user_id = 40")
        attempt(cursor, "CREATE PROCEDURE p(IN a INT, OUT b INT) BEGIN SELECT a; SELECT a + 1; SET b = a * 2; END")
        cursor.callproc("p", (5, 0))
        attempt(cursor, "SELECT @_p_0, @_p_1")
        for sql in ("SELEC 1", "SELECT * FROM gone", "SELECT missing FROM follower", "INSERT INTO kinds (id) VALUES (1)",
                    "SELECT 1/0", "INSERT INTO follower VALUES (1, 1, 'x', 1)", "SELECT 1; SELECT * FROM gone; SELECT 2"):
            attempt(cursor, sql)
    connection.ping(reconnect=False)
    connection.select_db("mysql")
    with connection.cursor(pymysql.cursors.DictCursor) as cursor:
        attempt(cursor, "SELECT DATABASE() AS d, 'x' AS d")
    connection.close()
    with connect("app", ssl={"check_hostname": False}) as secure, secure.cursor(pymysql.cursors.SSCursor) as cursor:
        cursor.execute("SHOW STATUS LIKE 'Ssl_version'")
        print(cursor.fetchall())
        cursor.execute(
            "WITH RECURSIVE n AS (SELECT 1 i UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
            " SELECT a.i, REPEAT('x', a.i) FROM n a JOIN n b ON b.i < 4 ORDER BY a.i"
        )
        digest = hashlib.md5()
        for row in cursor.fetchall_unbuffered():
            digest.update(str(row).encode())
        print("stream", digest.hexdigest())
    other = connect("app")
    with other.cursor() as cursor:
        cursor.execute("SELECT CONNECTION_ID()")
        thread = cursor.fetchone()[0]
        print("own thread", thread == other.thread_id())
        with connect("app") as killer:
            try:
                killer.kill(thread)
            except pymysql.err.MySQLError as e:
                print("!", type(e).__name__, e.args)
        try:
            cursor.execute("SELECT SLEEP(1)")
        except pymysql.err.MySQLError as e:
            print("! killed", type(e).__name__, e.args[0])
    for user, database in (("nobody", SCHEMA), ("app", "no_such_schema")):
        try:
            connect(user, database=database)
        except pymysql.err.MySQLError as e:
            print("!", type(e).__name__, e.args)


main()
