#!/bin/bash
# The mariadb command line at its ordinary work. Arguments: host port schema.
cd "$(dirname "$0")" || exit 1
export MYSQL_PWD=app
client=(mariadb --no-defaults --protocol=tcp -h "$1" -P "$2" -u app --default-character-set=utf8mb4)
schema=$3

# Rows for the watched table; the last one warns.
load=$(mktemp)
trap 'rm -f "$load"' EXIT
for i in $(seq 1 500); do printf '30\t%d\t2025-06-01 00:00:00.%03d\t1\n' "$i" "$i"; done > "$load"
printf '30\t9999\tno time\t1\n' >> "$load"

run() {
  echo "## $*"
  "${client[@]}" "$@" 2>&1
  echo "status $?"
}

run -t "$schema" < script.sql
run --batch "$schema" < script.sql
run --batch --raw --skip-column-names "$schema" -e 'SELECT id, v FROM item ORDER BY id'
run -vvv -t "$schema" < changes.sql | sed -E 's/ \([0-9.]+ sec\)/ (N sec)/'
run --force -t --show-warnings "$schema" < wrong.sql
run -t "$schema" < wrong.sql
run -t --column-type-info "$schema" -e 'SELECT * FROM item ORDER BY id LIMIT 1; SELECT * FROM follower LIMIT 1'
run -t "$schema" -e 'source included.sql; SELECT 1\G'
run --vertical "$schema" -e 'SELECT * FROM follower ORDER BY user_id, follower_id LIMIT 3'
run --xml "$schema" -e 'SELECT id, v, n FROM item ORDER BY id'
run --html "$schema" -e 'SELECT id, v, n FROM item ORDER BY id'
run --quick --batch "$schema" -e 'WITH RECURSIVE n AS (SELECT 1 i UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT i, REPEAT("x", i) FROM n' | md5sum
run --local-infile=1 -t -vv --show-warnings "$schema" \
  -e "LOAD DATA LOCAL INFILE '$load' INTO TABLE follower; SELECT COUNT(*), SUM(follower_id) FROM follower WHERE user_id = 30" \
  | sed "s#$load#FILE#"
run --local-infile=0 "$schema" -e "LOAD DATA LOCAL INFILE '/nowhere' INTO TABLE follower"
run --local-infile=1 "$schema" -e "LOAD DATA LOCAL INFILE '/nowhere' INTO TABLE follower"
run --comments "$schema" -e 'SELECT /*!40000 1 + */ /*!99999 100 + */ 1 AS n; /* c */ SELECT /*+ NO_INDEX_MERGE(follower) */ COUNT(*) FROM follower'
run --delimiter='//' "$schema" -e 'CREATE PROCEDURE two() BEGIN SELECT 1; SELECT 2; END// CALL two()//'
run --binary-as-hex "$schema" -e 'SELECT b FROM item ORDER BY id'
run --init-command='SET @a = 5' "$schema" -e 'SELECT @a'
run --compress "$schema" -e 'SELECT COUNT(*) FROM follower'
run --ssl "$schema" -e "SHOW STATUS LIKE 'Ssl_version'"
run --reconnect "$schema" -e 'KILL CONNECTION_ID(); SELECT DATABASE()' | sed -E 's/(Connection id: *)[0-9]+/\1N/'
run -u nobody -e 'SELECT 1'
run no_such_schema -e 'SELECT 1'
MYSQL_PWD=sha2 run --ssl -u sha2 "$schema" -e 'SELECT CURRENT_USER(); \u mysql
SELECT DATABASE(); USE nowhere; \u nowhere'
exit 0
