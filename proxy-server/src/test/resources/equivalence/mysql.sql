# What only MySQL runs; see common.sql.

=== metadata not wanted
CREATE TABLE bare (id INT PRIMARY KEY, v VARCHAR(10))
INSERT INTO bare VALUES (1, 'a'), (2, 'b')
SET resultset_metadata = NONE
SELECT * FROM bare
SELECT 1; SELECT 2, 3
SELECT * FROM bare WHERE id = 0
SHOW WARNINGS
SELECT nothing FROM bare
SET resultset_metadata = FULL
SELECT * FROM bare

=== global transaction ids
SET session_track_gtids = OWN_GTID
CREATE TABLE gtids (id INT PRIMARY KEY)
~ INSERT INTO gtids VALUES (1)
~ INSERT INTO gtids VALUES (2)
BEGIN
INSERT INTO gtids VALUES (3)
~ COMMIT
SET session_track_gtids = OFF
~ SHOW MASTER STATUS
~ SHOW BINARY LOGS
SELECT WAIT_FOR_EXECUTED_GTID_SET(@@gtid_executed, 1)
SET gtid_next = 'nonsense'
BEGIN
SET gtid_next = 'AUTOMATIC'
ROLLBACK

=== of MySQL 8
CREATE TABLE eight (id INT PRIMARY KEY, j JSON, v INT AS (JSON_LENGTH(j)) VIRTUAL, KEY ((id + 1)), KEY (v DESC), KEY hidden (v) INVISIBLE)
INSERT INTO eight (id, j) VALUES (1, '[1, 2]'), (2, '{"a": {"b": "ü"}}')
SELECT * FROM eight
SELECT j->'$.a', j->>'$.a.b', v FROM eight
SELECT * FROM JSON_TABLE('[{"a": 1}, {"a": 2}]', '$[*]' COLUMNS (a INT PATH '$.a')) AS jt
INSERT INTO eight (id) VALUES (3) AS new ON DUPLICATE KEY UPDATE id = new.id + 10
INSERT INTO eight (id) VALUES (3) AS new ON DUPLICATE KEY UPDATE id = new.id + 10
SELECT * FROM eight FOR SHARE SKIP LOCKED
SELECT * FROM eight FOR UPDATE NOWAIT
SELECT /*+ MAX_EXECUTION_TIME(1000) NO_INDEX_MERGE(eight) */ id FROM eight
SELECT /*+ NONSENSE() */ 1
SHOW WARNINGS
SELECT id, LAG(id) OVER w, NTILE(2) OVER w FROM eight WINDOW w AS (ORDER BY id)
SELECT UUID_TO_BIN('6ccd780c-baba-1026-9564-5b8c656024db'), BIN_TO_UUID(x'6ccd780cbaba102695645b8c656024db')
SELECT REGEXP_REPLACE('abc', 'b', 'X'), REGEXP_LIKE('a', 'A'), REGEXP_SUBSTR('abc', '[bc]+')
EXPLAIN FORMAT=TREE SELECT * FROM eight WHERE id = 1
~ EXPLAIN ANALYZE SELECT * FROM eight WHERE id = 1
SET PERSIST nonsense = 1
CREATE ROLE eq_role
SET ROLE eq_role
SET ROLE NONE
SELECT CURRENT_ROLE()
DROP ROLE eq_role
SHOW EXTENDED COLUMNS FROM eight
SELECT * FROM eight TABLESAMPLE
(SELECT 1 UNION SELECT 2) ORDER BY 1 LIMIT 1
SELECT 1 INTERSECT SELECT 1
INSTALL COMPONENT 'file://component_nonsense'
CLONE LOCAL DATA DIRECTORY = '/nowhere'
ALTER TABLE eight ADD w INT, ALGORITHM=INSTANT
ALTER TABLE eight ADD x INT, ALGORITHM=INPLACE, LOCK=NONE
ALTER TABLE eight RENAME COLUMN x TO y
CREATE TABLE like_eight LIKE eight
CREATE TABLE as_eight AS SELECT id FROM eight
CREATE TABLE parted (id INT PRIMARY KEY) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20))
INSERT INTO parted VALUES (1), (15)
INSERT INTO parted VALUES (30)
SELECT * FROM parted PARTITION (p1)
ALTER TABLE parted TRUNCATE PARTITION p0
SET @@session.max_execution_time = 1
SELECT COUNT(*) FROM information_schema.collations a, information_schema.collations b, information_schema.collations c
SET @@session.max_execution_time = 0
SET SESSION show_create_table_verbosity = ON
SET SESSION sql_require_primary_key = ON
CREATE TABLE keyless (a INT)
RESTART nonsense
SELECT mysql_query_attribute_string('n1')
SELECT STATEMENT_DIGEST_TEXT('SELECT 1 FROM t WHERE a = 2')
