#!/bin/bash
# Fills a schema, dumps it, restores the dump beside and over it, and compares. Arguments: host port schema.
set -e -o pipefail
export MYSQL_PWD=app
where=(--no-defaults --protocol=tcp -h "$1" -P "$2" -u app --default-character-set=utf8mb4)
schema=$3
client=(mariadb "${where[@]}")
first=$(mktemp)
trap 'rm -f "$first"' EXIT
dump() { mysqldump "${where[@]}" --skip-dump-date --hex-blob --routines --triggers --events "$@"; }

"${client[@]}" "$schema" <<'SQL'
CREATE TABLE every_kind (id INT PRIMARY KEY, f FLOAT, d DOUBLE, de DECIMAL(30, 10), bi BIGINT UNSIGNED, dt DATETIME(6),
  ts TIMESTAMP(3) NULL, tm TIME(2), y YEAR, v VARCHAR(200), vb VARBINARY(100), tx MEDIUMTEXT, bl MEDIUMBLOB, j JSON,
  e ENUM('a', 'b''c'), s SET('x', 'y'), b BIT(12), p POINT);
INSERT INTO every_kind (id, f, d, de, bi, dt, ts, tm, y, v, vb, tx, bl, j, e, s, b, p)
WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 400)
SELECT i, i / 7, i / 3, i * 1.0000000001, 18446744073709551615 - i, '2025-01-01 00:00:00.000001' + INTERVAL i HOUR,
  '2025-06-01 00:00:00.001' + INTERVAL i MINUTE, SEC_TO_TIME(i * 100.25), 2000 + i % 100,
  CONCAT('it''s "', i, '" \\ \n ünï 😀'), UNHEX(MD5(i)), REPEAT('text ', i), REPEAT(UNHEX(SHA1(i)), 20),
  JSON_OBJECT('i', i, 'list', JSON_ARRAY(1, NULL, 'x')), IF(i % 2, 'a', 'b''c'), 'x,y', i, POINT(i, -i) FROM n;
INSERT INTO follower
WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 900)
SELECT i % 10, i, '2025-01-01 00:00:00.001' + INTERVAL i * 1001 MICROSECOND, i % 3 FROM n;
CREATE VIEW newest AS SELECT * FROM follower WHERE user_id = 1;
CREATE TRIGGER after_kind AFTER UPDATE ON every_kind FOR EACH ROW UPDATE follower SET status = 0 WHERE user_id = NEW.id;
CREATE FUNCTION half(i INT) RETURNS INT DETERMINISTIC RETURN i / 2;
CREATE PROCEDURE list() SELECT * FROM follower;
CREATE EVENT never ON SCHEDULE AT '2037-01-01 00:00:00' DO DELETE FROM follower;
SQL

sums() { "${client[@]}" -t "$1" -e 'CHECKSUM TABLE every_kind, follower' | sed "s/$1/SCHEMA/"; }

dump "$schema" > "$first"
cat "$first"
sums "$schema"
echo "## one transaction, quick, complete inserts, tab-free forms"
dump --single-transaction --quick --complete-insert --order-by-primary "$schema" | md5sum
dump --skip-extended-insert --no-create-info "$schema" follower
dump --xml --no-create-info "$schema" follower | md5sum
dump --where='user_id = 3' "$schema" follower
dump --no-data --databases "$schema"
dump --compress --skip-extended-insert --insert-ignore --skip-add-drop-table "$schema" | md5sum
echo "## restored over itself: the watched table is dropped and created"
"${client[@]}" -e 'DELETE FROM follower WHERE user_id < 5' "$schema"
"${client[@]}" "$schema" < "$first"
sums "$schema"
dump "$schema" | cmp - "$first" && echo "the same again"
echo "## restored beside"
"${client[@]}" -e "CREATE DATABASE ${schema}_copy"
sed "s/\`$schema\`/\`${schema}_copy\`/g" "$first" | "${client[@]}" "${schema}_copy"
sums "${schema}_copy"
"${client[@]}" -e "DROP DATABASE ${schema}_copy"
echo "## a table that is not there"
dump "$schema" gone 2>&1 || echo "status $?"
