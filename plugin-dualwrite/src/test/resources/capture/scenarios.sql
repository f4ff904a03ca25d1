# insert by key
INSERT INTO follower VALUES (7,8,'2026-01-01',1,'n')
# insert several
INSERT INTO follower (follower_id, user_id) VALUES (7,8),(9,10)
# insert set
INSERT INTO follower SET user_id=7, follower_id=1
# insert into, without the word
INSERT follower (user_id, follower_id) VALUE (70,1)
# insert with row alias
INSERT INTO follower (user_id, follower_id, status) VALUES (1,1,50) AS n ON DUPLICATE KEY UPDATE status = n.status
# insert on duplicate
INSERT INTO follower (user_id, follower_id, status) VALUES (1,1,51) ON DUPLICATE KEY UPDATE status = VALUES(status)
# insert on duplicate moves the key
INSERT INTO follower (user_id, follower_id, status) VALUES (1,1,51) ON DUPLICATE KEY UPDATE follower_id = 400
# insert select from itself
INSERT INTO follower (user_id, follower_id) SELECT user_id + 100, follower_id FROM follower
# insert table
INSERT INTO plain TABLE other; INSERT INTO part SELECT id + 50, v FROM plain
# insert values row
INSERT INTO part VALUES ROW(5,5), ROW(6,6)
# insert select values
INSERT INTO part SELECT * FROM (VALUES ROW(7,7)) AS x
# insert table statement
CREATE TEMPORARY TABLE t_src (id INT, v INT)
INSERT INTO t_src VALUES (51,51)
INSERT INTO part TABLE t_src
# insert ignore clamps
SET sql_mode = ''
INSERT IGNORE INTO part VALUES (99999999999, 1)
# insert converts
INSERT INTO follower (user_id, follower_id) VALUES ('33', 4.6)
# insert converts without strictness
SET sql_mode = ''
INSERT INTO follower (user_id, follower_id) VALUES ('33abc', '0x10')
# insert null into key without strictness
SET sql_mode = ''
INSERT INTO follower (user_id, follower_id) VALUES (NULL, 5), (5, 5)
# insert expression
INSERT INTO follower (user_id, follower_id) VALUES (1 + 5, ABS(-3))
# insert hex and bits and booleans
INSERT INTO follower (user_id, follower_id) VALUES (0x10, b'101'), (X'11', TRUE), (1e1, 2.0), (- 3, -4), (+5, 6)
# insert strings joined
INSERT INTO follower (user_id, follower_id) VALUES ('1' '2', "3" '4')
# insert user variable
SET @u = 55
INSERT INTO follower (user_id, follower_id) VALUES (@u, @v := 3)
# insert default key
INSERT INTO hidden (a, b) VALUES (DEFAULT(secret), 3)
# insert low priority, high priority, delayed
INSERT LOW_PRIORITY INTO follower (user_id, follower_id) VALUES (81,1)
INSERT HIGH_PRIORITY IGNORE INTO follower (user_id, follower_id) VALUES (82,1)
INSERT DELAYED INTO follower (user_id, follower_id) VALUES (83,1)
REPLACE DELAYED INTO follower (user_id, follower_id) VALUES (84,1)
UPDATE LOW_PRIORITY IGNORE follower SET status = 9 WHERE user_id = 81
DELETE LOW_PRIORITY QUICK IGNORE FROM follower WHERE user_id = 82
# insert into a partition
INSERT INTO part PARTITION (p0) VALUES (8,8)
# insert without columns where one is invisible
INSERT INTO hidden VALUES (11,12,13)
# insert an invisible column by name
INSERT INTO hidden (secret, a, b, c) VALUES (1,21,22,23)
# replace
REPLACE INTO follower (user_id, follower_id, status) VALUES (1,2,60)
# replace set
REPLACE follower SET user_id=1, follower_id=3, status=61
# replace hits another unique key
REPLACE INTO post (id, slug) VALUES (77,'one')
# insert on duplicate hits another unique key
INSERT INTO post (id, slug) VALUES (78,'two') ON DUPLICATE KEY UPDATE body = 'hit'
# replace select
REPLACE INTO follower (user_id, follower_id, status) SELECT user_id, follower_id, 9 FROM follower WHERE user_id < 2
# update by key
UPDATE follower SET status = 70 WHERE user_id = 1 AND follower_id = 2
# update key written the other way
UPDATE follower SET status = 70 WHERE 2 = follower_id AND 1 = user_id
# update in
UPDATE follower SET status = 70 WHERE (user_id, follower_id) IN ((1,1),(2,2))
# update row equals row
UPDATE follower SET status = 70 WHERE (user_id, follower_id) = (1,1)
# update or
UPDATE follower SET status = 70 WHERE user_id = 1 AND follower_id = 1 OR user_id = 2
# update not
UPDATE follower SET status = 70 WHERE NOT user_id = 1
# update chained equals
UPDATE follower SET status = 70 WHERE user_id = 1 = 0
# update equals in
UPDATE follower SET status = 70 WHERE user_id = 1 IN (0)
# update equals is
UPDATE follower SET status = 70 WHERE user_id = 1 IS FALSE
# update equals like
UPDATE follower SET status = 70 WHERE user_id = 1 LIKE 0
# update equals between
UPDATE follower SET status = 70 WHERE user_id = 1 BETWEEN 0 AND 0
# update xor
UPDATE follower SET status = 70 WHERE user_id = 1 XOR follower_id = 1
# update operators of bits
UPDATE follower SET status = 70 WHERE user_id = 3 & 1
UPDATE follower SET status = 71 WHERE user_id = 1 | 2
UPDATE follower SET status = 72 WHERE user_id = 3 ^ 1
UPDATE follower SET status = 73 WHERE user_id = ~~1
UPDATE follower SET status = 74 WHERE user_id = 1 << 1
UPDATE follower SET status = 75 WHERE user_id = 7 DIV 2
UPDATE follower SET status = 76 WHERE user_id = 5 MOD 2
# update high not precedence
SET sql_mode = 'HIGH_NOT_PRECEDENCE'
UPDATE follower SET status = 70 WHERE NOT user_id = 0
# update null safe
UPDATE follower SET status = 70 WHERE user_id <=> 1
# update converts the condition
SET sql_mode = ''
UPDATE follower SET status = 70 WHERE user_id = '1abc' AND follower_id = 1
# update compares as number
UPDATE follower SET status = 71 WHERE user_id = '1.0' AND follower_id = ' 1'
UPDATE follower SET status = 72 WHERE user_id = 1.0 AND follower_id = 1e0
UPDATE follower SET status = 73 WHERE user_id = TRUE AND follower_id = 0x01
UPDATE follower SET status = 74 WHERE user_id = '' AND follower_id = ''
UPDATE follower SET status = 75 WHERE user_id = _binary'1' AND follower_id = N'1'
# update collates
UPDATE binkey SET v = 9 WHERE k = 'A' COLLATE utf8mb4_0900_ai_ci
UPDATE binkey SET v = 10 WHERE CONVERT(k USING utf8mb4) = 'A'
# update two equals on one column
UPDATE follower SET status = 70 WHERE user_id = 1 AND user_id = '1' AND follower_id = 1
# update order limit
UPDATE follower SET status = 70 ORDER BY user_id DESC LIMIT 2
# update moves the key
UPDATE follower SET user_id = 500 WHERE user_id = 3 AND follower_id = 1
# update swaps key columns
UPDATE follower SET user_id = follower_id + 600, follower_id = user_id WHERE user_id = 1 AND follower_id = 3
# update key by expression
UPDATE follower SET follower_id = follower_id + 1000
# update an alias
UPDATE follower AS f SET f.status = 70 WHERE f.user_id = 1
# update join
UPDATE plain p JOIN follower f ON f.user_id = p.id SET f.status = 70 WHERE p.v = 1
# update comma join
UPDATE plain p, follower f SET p.v = 5, f.status = 71 WHERE f.user_id = p.id
# update left join
UPDATE follower f LEFT JOIN plain p ON p.id = f.user_id SET f.status = 72 WHERE p.id IS NULL
# update join by derived
UPDATE follower f JOIN (SELECT 1 AS id) d ON d.id = f.user_id SET f.status = 73
# update with subquery
UPDATE follower SET status = 70 WHERE user_id IN (SELECT id FROM plain)
# with update
WITH c AS (SELECT 1 AS id) UPDATE follower, c SET follower.status = 70 WHERE follower.user_id = c.id
# with recursive update
WITH RECURSIVE c AS (SELECT 1 AS id UNION ALL SELECT id + 1 FROM c WHERE id < 2) UPDATE follower SET status = 70 WHERE user_id IN (SELECT id FROM c)
# update partition
UPDATE part PARTITION (p0) SET v = 9
# delete by key
DELETE FROM follower WHERE user_id = 1 AND follower_id = 2
# delete by prefix
DELETE FROM follower WHERE user_id = 1
# delete everything
DELETE FROM follower
# delete order limit
DELETE FROM follower ORDER BY follower_id LIMIT 1
# delete multi
DELETE f, p FROM follower f JOIN plain p ON p.id = f.user_id
# delete using
DELETE FROM follower USING follower JOIN plain ON plain.id = follower.user_id WHERE plain.id = 2
# delete dot star
DELETE follower.* FROM follower, plain WHERE plain.id = follower.user_id
# delete alias
DELETE FROM follower AS f WHERE f.user_id = 1 AND f.follower_id = 1
# with delete
WITH c AS (SELECT 1 AS id) DELETE FROM follower WHERE user_id IN (SELECT id FROM c)
# delete partition
DELETE FROM part PARTITION (p0, p1)
# a null in the key condition
DELETE FROM follower WHERE user_id = NULL OR follower_id = 2
# names qualified
INSERT INTO `{db}`.follower (user_id, follower_id) VALUES (40,1)
INSERT INTO {db} . follower (user_id, follower_id) VALUES (40,2)
INSERT INTO `{db}` . `follower`(user_id, follower_id) VALUES (40,3)
UPDATE {db}.follower SET {db}.follower.status = 41 WHERE {db}.follower.user_id = 40 AND follower.follower_id = 1
# use
USE information_schema
USE `{db}`
INSERT INTO follower (user_id, follower_id) VALUES (41,1)
# use in one text
USE information_schema; USE {db}; INSERT INTO follower (user_id, follower_id) VALUES (42,1)
# from another database
USE mysql
INSERT INTO {db}.follower (user_id, follower_id) VALUES (43,1)
# comments
/* x */ INSERT /* y */ INTO/**/follower -- z
 (user_id, follower_id) # t
 VALUES /* ' */ (44,1)
# version comments
/*!50000 INSERT INTO follower (user_id, follower_id) VALUES (45,1) */
INSERT INTO /*!50000 follower */ (user_id, follower_id) VALUES (46,1)
INSERT INTO follower (user_id, follower_id) VALUES (/*! 47 + */ 1, 1 /*!99999 + 1 */)
UPDATE follower SET status = 48 WHERE user_id = 1 /*!50000 OR user_id = 2 */
SELECT 1 /*! ; DELETE FROM follower WHERE user_id = 3 */
# hints
UPDATE /*+ NO_MERGE(follower) */ follower SET status = 70 WHERE user_id = 1
UPDATE follower USE INDEX (PRIMARY) SET status = 71 WHERE user_id = 1
# multi statements
SELECT 1; INSERT INTO follower (user_id, follower_id) VALUES (50,1); UPDATE follower SET status = 3 WHERE user_id = 50
# multi statements with a text that looks like a comment
SELECT 1 --1; UPDATE follower SET status = 52
; SELECT 2
# multi statements set the mode in between
SET sql_mode = 'ANSI_QUOTES'; UPDATE "follower" SET status = 53 WHERE user_id = 1
# multi statements change the escape in between
SET sql_mode = 'NO_BACKSLASH_ESCAPES'; SELECT '\'; UPDATE follower SET status = 54 WHERE user_id = 1; SELECT '\'
# ansi quotes
SET sql_mode = 'ANSI_QUOTES'
UPDATE "follower" SET "status" = 55 WHERE "user_id" = 1
INSERT INTO "follower" ("user_id", "follower_id") VALUES (56,1)
# ansi quotes known by a select
SET sql_mode = 'ANSI_QUOTES'
SELECT COUNT(*) FROM follower
UPDATE "follower" SET "status" = 55 WHERE "user_id" = 1
DELETE FROM follower WHERE user_id = "follower_id"
# no backslash escapes
SET sql_mode = 'NO_BACKSLASH_ESCAPES'
UPDATE follower SET note = '\' WHERE user_id = 1 OR note = '\' OR user_id = 2
# no backslash escapes known by a select
SET sql_mode = 'NO_BACKSLASH_ESCAPES'
SELECT COUNT(*) FROM follower
UPDATE follower SET note = '\', status = 58 WHERE user_id > 0 OR note <> ' WHERE user_id = 1 AND follower_id = 1 -- '
# backslash escapes
UPDATE follower SET note = 'it\'s', status = 59 WHERE user_id = 1 AND follower_id = 1
# pipes
SET sql_mode = 'PIPES_AS_CONCAT'
UPDATE follower SET status = 60 WHERE user_id = 1 || follower_id
SET sql_mode = ''
UPDATE follower SET status = 61 WHERE user_id = 1 || follower_id = 1
# no auto value on zero
SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO'
INSERT INTO post (id, slug) VALUES (0, 'zero')
# auto increment 0
INSERT INTO post (id, slug) VALUES (0, 'zero')
# auto increment null
INSERT INTO post (id, slug) VALUES (NULL, 'null')
# auto increment not given
INSERT INTO post (slug) VALUES ('none'), ('none2')
# auto increment negative
INSERT INTO post (id, slug) VALUES (-5, 'minus')
# auto increment explicit
INSERT INTO post (id, slug) VALUES (500, 'given'), (0, 'next'), ('600', 'text'), (00, 'zeros'), (-0, 'minus zero'), (0.4, 'rounds')
# auto increment default
INSERT INTO post VALUES (DEFAULT, 'default', NULL)
# auto increment session step
SET auto_increment_increment = 10, auto_increment_offset = 3
INSERT INTO post (slug) VALUES ('ten'), ('twenty')
# auto increment asked for
SET insert_id = 900
INSERT INTO post (slug) VALUES ('asked')
# time zone
SET time_zone = '+05:00'
INSERT INTO stamped VALUES ('2026-03-01 00:00:00', 9, 9)
UPDATE stamped SET v = 10 WHERE at = '2026-01-01 17:00:00' AND id = 1
DELETE FROM stamped WHERE at = '2026-01-02 17:00:00' AND id = 2
# a literal with a displacement
INSERT INTO stamped VALUES ('2026-03-01 00:00:00+02:00', 10, 9)
INSERT INTO stamped VALUES (20260301000000, 11, 9)
INSERT INTO stamped VALUES (TIMESTAMP'2026-03-01 00:00:00', 12, 9)
INSERT INTO stamped VALUES ('2026-3-1', 13, 9), ('26/03/01', 14, 9), (NOW(), 15, 9)
# the clock of the session
SET timestamp = 1700000000
UPDATE touched SET v = 9 WHERE id = 1 AND at = '2026-01-01'
# on update
UPDATE touched SET v = 8 WHERE id = 2 AND at = '2026-01-01 00:00:00'
# dates without strictness
SET sql_mode = 'ALLOW_INVALID_DATES'
INSERT INTO touched VALUES (5, '2026-02-31', 1)
SET sql_mode = ''
INSERT INTO touched VALUES (6, '2026-02-31', 1), (7, '0000-00-00', 1), (8, 'junk', 1), (9, '2026-01-01 10:00:00.9', 1)
SET sql_mode = 'TIME_TRUNCATE_FRACTIONAL'
INSERT INTO touched VALUES (10, '2026-01-01 10:00:00.9', 1)
# autocommit off
SET autocommit = 0
INSERT INTO follower (user_id, follower_id) VALUES (61,1)
UPDATE follower SET status = 62 WHERE user_id = 1
COMMIT
# autocommit turned on commits
SET autocommit = 0
INSERT INTO follower (user_id, follower_id) VALUES (62,1)
SET autocommit = 1
# a transaction
BEGIN
INSERT INTO follower (user_id, follower_id) VALUES (63,1)
SELECT 1
COMMIT AND CHAIN
DELETE FROM follower WHERE user_id = 63
COMMIT
# an error inside a transaction
START TRANSACTION
INSERT INTO follower (user_id, follower_id) VALUES (64,1)
INSERT INTO follower (user_id, follower_id) VALUES (1,1)
UPDATE follower SET status = 64 WHERE user_id = 1
COMMIT
# begin commits
BEGIN
INSERT INTO follower (user_id, follower_id) VALUES (65,1)
BEGIN
ROLLBACK
# savepoints
BEGIN
INSERT INTO follower (user_id, follower_id) VALUES (66,1)
SAVEPOINT s
INSERT INTO follower (user_id, follower_id) VALUES (66,2)
ROLLBACK TO s
RELEASE SAVEPOINT s
COMMIT
# ddl commits
BEGIN
INSERT INTO follower (user_id, follower_id) VALUES (67,1)
CREATE TABLE implicit (a INT)
! DROP TABLE implicit
# lock tables commits
BEGIN
INSERT INTO follower (user_id, follower_id) VALUES (68,1)
LOCK TABLES follower WRITE, plain READ; UPDATE follower SET status = 68 WHERE user_id = 1; UNLOCK TABLES
# lock tables without autocommit
SET autocommit = 0
LOCK TABLES follower WRITE; UPDATE follower SET status = 69 WHERE user_id = 1; UNLOCK TABLES
COMMIT
# completion type
SET completion_type = 1
BEGIN
INSERT INTO follower (user_id, follower_id) VALUES (69,1)
COMMIT
INSERT INTO follower (user_id, follower_id) VALUES (69,2)
COMMIT
# xa one phase
XA START 'a'
INSERT INTO follower (user_id, follower_id) VALUES (71,1)
XA END 'a'
XA COMMIT 'a' ONE PHASE
# xa finished elsewhere
XA START 'g','b',7
INSERT INTO follower (user_id, follower_id) VALUES (72,1)
XA END 'g','b',7
XA PREPARE 'g','b',7
2> XA COMMIT 'g','b',7
# xa finished behind the back
XA START X'abcd'
UPDATE follower SET status = 72 WHERE user_id = 1
XA END X'abcd'
XA PREPARE X'abcd'
close
! XA COMMIT X'abcd'
# prepared by the protocol
? INSERT INTO follower (user_id, follower_id, status) VALUES (?, ?, ?) | 81 | 1 | 3
? UPDATE follower SET status = ? WHERE user_id = ? AND follower_id = ? | 82 | 81 | 1
? UPDATE follower SET user_id = ? WHERE user_id = ? AND follower_id = ? | 83 | 81 | 1
? DELETE FROM follower WHERE user_id = ? | 83
? REPLACE INTO post (id, slug) VALUES (?, 'one') | 55
? INSERT INTO follower (user_id, follower_id) SELECT id + ?, 1 FROM plain | 900
? INSERT INTO post (slug) VALUES (?) | 's:prep'
? CALL p_inner(?) | 84
? UPDATE v_nested SET s = ? WHERE u = 1 | 85
? DELETE FROM root WHERE id = ? | 1
? INSERT INTO stamped VALUES (?, ?, 1) | s:2026-05-05 05:05:05 | 1
# prepared, executed in another database
prepare: UPDATE follower SET status = ? WHERE user_id = 1
USE information_schema
execute: 86
# prepared, executed after the mode changed
prepare: UPDATE follower SET note = "x", status = ? WHERE user_id = 1
SET sql_mode = 'ANSI_QUOTES'
execute: 87
# prepared before the trigger
prepare: UPDATE plain SET v = ? WHERE id = 1
2> CREATE TRIGGER plain_au AFTER UPDATE ON plain FOR EACH ROW UPDATE follower SET status = NEW.v
execute: 88
! DROP TRIGGER plain_au
# prepared by text
PREPARE s FROM 'UPDATE follower SET status = ? WHERE user_id = ?'
SET @a = 91, @b = 1
EXECUTE s USING @a, @b
DEALLOCATE PREPARE s
# prepared by text, hidden
SET @t = CONCAT('UPDATE fol', 'lower SET status = 92')
PREPARE s FROM @t
EXECUTE s
DROP PREPARE s
# execute immediate is prepared, begun elsewhere
PREPARE s FROM 'INSERT INTO follower (user_id, follower_id) VALUES (93, 1)'
USE mysql
EXECUTE s
# a view
UPDATE v_all SET status = 101 WHERE user_id = 1 AND follower_id = 1
INSERT INTO v_all (user_id, follower_id) VALUES (102,1)
DELETE FROM v_all WHERE user_id = 102
REPLACE INTO v_all (user_id, follower_id, status) VALUES (1,1,103)
# a nested view
UPDATE v_nested SET s = 50 WHERE u = 1 AND f = 1
INSERT INTO v_nested (u, f, s) VALUES (105,1,1)
DELETE FROM v_nested WHERE u = 105
# a join view
UPDATE v_join SET status = 51 WHERE id = 1
# a view in a multi table statement
UPDATE plain p JOIN v_all v ON v.user_id = p.id SET v.status = 52
DELETE v FROM v_all v JOIN plain p ON p.id = v.user_id
# an after trigger
INSERT INTO other VALUES (1, 1)
# a before trigger
! INSERT INTO other VALUES (2, 1)
DELETE FROM other WHERE id = 2
# a trigger by replace
! INSERT INTO other VALUES (3, 1)
! DELETE FROM follower WHERE user_id = 9000
REPLACE INTO other VALUES (3, 2)
# a trigger by insert select
INSERT INTO other SELECT id, v FROM plain
# a trigger by load
LOAD DATA LOCAL INFILE '{file:5\t1\n6\t2\n}' INTO TABLE other
# a trigger that calls
INSERT INTO logged (v) VALUES (111)
# a before insert trigger that changes the key
INSERT INTO guarded VALUES (5,5)
# a before update trigger that changes the key
UPDATE guarded SET v = 6 WHERE id = 1002
# a before update trigger behind on duplicate
INSERT INTO guarded VALUES (2,5) ON DUPLICATE KEY UPDATE v = 7
# cascades over two levels
DELETE FROM root WHERE id = 1
# cascade of an update
UPDATE root SET id = 44 WHERE id = 2
# cascade by replace
REPLACE INTO root VALUES (1, 9)
# cascade by multi delete
DELETE r FROM root r JOIN plain p ON p.id = r.id
# cascade from the middle
DELETE FROM middle WHERE id = 10
UPDATE middle SET id = 21 WHERE id = 20
# cascade in itself
DELETE FROM tree WHERE id = 2
# cascade checks off
SET foreign_key_checks = 0
DELETE FROM root WHERE id = 1
SET foreign_key_checks = 1
DELETE FROM root WHERE id = 2
# a procedure
CALL p_inner(121)
CALL p_outer(122)
CALL {db}.p_outer(123)
CALL p_text()
# a function
SELECT f_write(131)
SELECT {db}.f_twice(132)
DO f_write(133)
SET @x = f_write(134)
SELECT f_write(135) INTO @y
SELECT 1 FROM plain WHERE f_write(136) > 0
UPDATE plain SET v = f_write(137) WHERE id = 1
INSERT INTO plain VALUES (f_write(138), 1)
DELETE FROM plain WHERE id = f_write(139)
SELECT `f_write`(140)
SELECT f_write (141)
SHOW TABLES WHERE f_write(142) > 0
EXPLAIN ANALYZE SELECT f_write(143) FROM plain
SELECT COUNT(*) FROM plain GROUP BY f_write(144)
SELECT * FROM (SELECT f_write(145)) d
WITH c AS (SELECT f_write(146) AS x) SELECT * FROM c
VALUES ROW(f_write(147))
(SELECT f_write(148)) UNION (SELECT 2)
SET @x = 1, @y = (SELECT f_write(149))
CALL p_inner(f_write(150))
# a function in a prepared statement
? SELECT f_write(?) | 151
# a function in a view
SELECT * FROM v_function
# a function in a view of a view
SELECT id FROM v_function2
# a function in a view, joined
SELECT p.id FROM plain p JOIN v_function2 v ON v.id = p.id
# a function in a view, by subquery
SELECT (SELECT MAX(written) FROM v_function)
# a function in a view, by table
TABLE v_function
# a function in a view, prepared
? SELECT * FROM v_function WHERE id = ? | 1
# a function in a view, copied
INSERT INTO plain SELECT id + 10, written FROM v_function
# the columns of a view with a function
-nothing
SHOW COLUMNS FROM v_function
# into outfile with a function
-nothing
SELECT f_write(1) INTO OUTFILE '/nowhere/x'
# load data local
LOAD DATA LOCAL INFILE '{file:171\t1\n172\t1\n}' INTO TABLE follower (user_id, follower_id)
LOAD DATA LOCAL INFILE '{file:1,1,9\n}' REPLACE INTO TABLE follower FIELDS TERMINATED BY ',' (user_id, follower_id, status)
# load with a user variable
LOAD DATA LOCAL INFILE '{file:173\t1\n}' INTO TABLE follower (@u, follower_id) SET user_id = @u + 1
# handler
-nothing
HANDLER follower OPEN
HANDLER follower READ FIRST
HANDLER follower CLOSE
# generated key
INSERT INTO computed (a, c) VALUES (3,3)
UPDATE computed SET a = 9 WHERE a = 1 AND b = 10
UPDATE computed SET c = 8 WHERE b = 20 AND a = 2
DELETE FROM computed WHERE b = 20
INSERT INTO computed VALUES (4, DEFAULT, 4)
# truncate
TRUNCATE TABLE follower
# truncate without the word
TRUNCATE part
# truncate a partition
ALTER TABLE part TRUNCATE PARTITION p0
# drop a partition
ALTER TABLE part DROP PARTITION p2
! ALTER TABLE part ADD PARTITION (PARTITION p2 VALUES LESS THAN MAXVALUE)
# exchange a partition
CREATE TABLE swap LIKE plain
INSERT INTO swap VALUES (3,3)
ALTER TABLE part EXCHANGE PARTITION p0 WITH TABLE swap
! DROP TABLE swap
# reorganize
-nothing
ALTER TABLE part REORGANIZE PARTITION p0 INTO (PARTITION p0 VALUES LESS THAN (100))
# rename away and back
RENAME TABLE follower TO follower_old
RENAME TABLE follower_old TO follower
# alter rename away and back
ALTER TABLE follower RENAME TO follower_old
ALTER TABLE follower_old RENAME follower
# rename into another and write
CREATE TABLE fresh LIKE binkey
INSERT INTO fresh VALUES ('fresh', 1)
RENAME TABLE binkey TO binkey_old, fresh TO binkey
INSERT INTO binkey VALUES ('after', 1)
! DROP TABLE binkey_old
# drop and create
DROP TABLE binkey
CREATE TABLE binkey (k VARBINARY(20) NOT NULL, v INT NULL, PRIMARY KEY (k))
INSERT INTO binkey VALUES ('again', 1)
# create select
DROP TABLE IF EXISTS binkey
CREATE TABLE binkey (k VARBINARY(20) NOT NULL, v INT NULL, PRIMARY KEY (k)) SELECT 'made' AS k, 1 AS v
# alter changes values
ALTER TABLE part MODIFY v INT NOT NULL DEFAULT 5
UPDATE part SET v = 6 WHERE id = 1
! ALTER TABLE part MODIFY v INT NULL
# alter moves columns, then an insert without columns
ALTER TABLE follower MODIFY follower_id BIGINT NOT NULL FIRST
INSERT INTO follower VALUES (5,6,'2026-01-01',1,NULL)
! ALTER TABLE follower MODIFY follower_id BIGINT NOT NULL AFTER user_id
# alter of the key, then an insert
ALTER TABLE part ADD COLUMN id2 INT NOT NULL DEFAULT 4 FIRST
INSERT INTO part VALUES (1, 77, 1)
! ALTER TABLE part DROP COLUMN id2
# a unique key made while it runs
ALTER TABLE plain COMMENT 'x'
CREATE UNIQUE INDEX note_u ON follower (note)
REPLACE INTO follower (user_id, follower_id, note) VALUES (99, 99, 'a')
! DROP INDEX note_u ON follower
# a view made while it runs
2> CREATE VIEW late_view AS SELECT * FROM follower
UPDATE late_view SET status = 201 WHERE user_id = 1
! DROP VIEW late_view
# a view of a view made while it runs
2> CREATE VIEW late_one AS SELECT * FROM follower
2> CREATE VIEW late_two AS SELECT * FROM late_one
DELETE FROM late_two WHERE user_id = 1
! DROP VIEW late_two, late_one
# a trigger made while it runs
2> CREATE TRIGGER late_trigger AFTER INSERT ON plain FOR EACH ROW DELETE FROM follower WHERE user_id = 1
INSERT INTO plain VALUES (900, 1)
! DROP TRIGGER late_trigger
# a trigger on the table itself made while it runs
2> CREATE TRIGGER late_before BEFORE INSERT ON follower FOR EACH ROW SET NEW.user_id = NEW.user_id + 1
INSERT INTO follower (user_id, follower_id) VALUES (910, 1)
! DROP TRIGGER late_before
# a function made while it runs
2> CREATE FUNCTION late_function() RETURNS INT DETERMINISTIC MODIFIES SQL DATA BEGIN DELETE FROM follower WHERE user_id = 2; RETURN 1; END
SELECT late_function()
! DROP FUNCTION late_function
# a procedure and a trigger that calls it, made while it runs
2> CREATE PROCEDURE late_procedure() DELETE FROM follower WHERE user_id = 3
2> CREATE TRIGGER late_calling AFTER DELETE ON plain FOR EACH ROW CALL late_procedure()
DELETE FROM plain WHERE id = 1
! DROP TRIGGER late_calling
! DROP PROCEDURE late_procedure
# a cascade made while it runs
! CREATE TABLE late_parent (id BIGINT NOT NULL PRIMARY KEY)
! INSERT INTO late_parent SELECT DISTINCT user_id FROM follower
2> ALTER TABLE follower ADD CONSTRAINT late_fk FOREIGN KEY (user_id) REFERENCES late_parent (id) ON DELETE CASCADE
DELETE FROM late_parent WHERE id = 1
! ALTER TABLE follower DROP FOREIGN KEY late_fk, DROP KEY late_fk
! DROP TABLE late_parent
# a watched parent renamed while it runs
2> RENAME TABLE root TO root2
DELETE FROM root2 WHERE id = 1
! RENAME TABLE root2 TO root
# a view made by a text prepared in SQL
2> PREPARE s FROM 'CREATE VIEW late_text AS SELECT * FROM follower'
2> EXECUTE s
await
UPDATE late_text SET status = 202
! DROP VIEW late_text
# odd names
INSERT INTO `Od``d имя` VALUES (5,5)
UPDATE `{db}`.`Od``d имя` SET v = 6 WHERE id = 1
DELETE FROM `Od``d имя` WHERE id = 2
# odd names in another character set
%latin1
SET NAMES cp1251
INSERT INTO `Od``d \xe8\xec\xff` VALUES (6,6)
# gbk with a backslash as second byte
%latin1
SET NAMES gbk
UPDATE follower SET note = '\x95\x5c', status = 301 WHERE user_id = 1 AND follower_id = 1
UPDATE follower SET note = '\x95\x5c', status = 300 WHERE user_id > 0 OR note <> ' WHERE user_id = 1 AND follower_id = 1 -- '
# gbk known by a select
%latin1
SET NAMES gbk
SELECT COUNT(*) FROM follower
UPDATE follower SET note = '\x95\x5c', status = 302 WHERE user_id > 0 OR note <> ' WHERE user_id = 1 AND follower_id = 1 -- '
# sjis known by a select
%latin1
SET NAMES sjis
SELECT COUNT(*) FROM follower
UPDATE follower SET note = '\x83\x5c', status = 303 WHERE user_id > 0 OR note <> ' WHERE user_id = 1 AND follower_id = 1 -- '
# gbk hides a statement
%latin1
SET NAMES gbk
SELECT COUNT(*) FROM follower
SELECT '\x95\x5c'; UPDATE part SET v = 304; SELECT ' -- '
# gbk hides a statement in a name
%latin1
SET NAMES gbk
SELECT COUNT(*) FROM follower
SELECT 1 AS `\x81\x60`; UPDATE part SET v = 305; SELECT 1 AS `\x81\x60`
# sjis hides a statement in a name, nothing known
%latin1
SET NAMES sjis
SELECT 1 AS \x83\x60; UPDATE part SET v = 306; SELECT 1 AS \x83\x60
# latin1
%latin1
SET NAMES latin1
UPDATE follower SET note = '\xe9\\', status = 307 WHERE user_id = 1
# big5 and gb18030
%latin1
SET NAMES big5
SELECT COUNT(*) FROM follower
UPDATE follower SET note = '\xa5\x5c', status = 308 WHERE user_id > 0 OR note <> ' WHERE user_id = 1 AND follower_id = 1 -- '
SET NAMES gb18030
SELECT COUNT(*) FROM follower
UPDATE follower SET note = '\x95\x5c', status = 309 WHERE user_id > 0 OR note <> ' WHERE user_id = 1 AND follower_id = 1 -- '
# case of names
CREATE TEMPORARY TABLE Follower (a INT)
INSERT INTO follower (User_ID, FOLLOWER_ID) VALUES (401,1)
UPDATE follower SET STATUS = 402 WHERE USER_ID = 1
# an alias that is another table's name
UPDATE follower AS plain SET plain.status = 403 WHERE plain.user_id = 1
DELETE plain FROM follower AS plain WHERE plain.user_id = 1
# a derived table of the same name
UPDATE follower, (SELECT 1 AS id) AS plain SET status = 404 WHERE user_id = plain.id
# a common table expression of the same name as another
WITH plain AS (SELECT 2 AS id) DELETE follower FROM follower JOIN plain ON plain.id = follower.user_id
# binary keys
INSERT INTO binkey VALUES ('c', 1), (X'00ff', 1), (0x6400, 1), (_utf8mb4'e', 1), (CONCAT('f', 'g'), 1), (12, 1)
UPDATE binkey SET v = 5 WHERE k = 'a'
UPDATE binkey SET v = 6 WHERE k = 0x62
DELETE FROM binkey WHERE k = 12
# optimize and analyze
-nothing
OPTIMIZE TABLE follower
ANALYZE TABLE follower
CHECK TABLE follower
# change the user
UPDATE follower SET status = 501 WHERE user_id = 1
reset
UPDATE follower SET status = 502 WHERE user_id = 1
# lost inside a transaction
-nothing
BEGIN
UPDATE follower SET status = 503 WHERE user_id = 1
close
