-- The scratch tables of the self-test, in each of its two schemas. One statement a paragraph.
-- Watched: follower, account, composite, stamp, typed, tree, child, gate, register, and in the tall schema ticket.

CREATE TABLE follower (
  user_id BIGINT NOT NULL, follower_id BIGINT NOT NULL,
  created_at TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  status TINYINT NOT NULL DEFAULT 1,
  PRIMARY KEY (user_id, follower_id), KEY user_created (user_id, created_at))

CREATE TABLE account (
  tenant INT NOT NULL, id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  email VARCHAR(60) NULL, nick VARCHAR(20) NOT NULL DEFAULT '', a INT NOT NULL DEFAULT 1, b INT NULL,
  total BIGINT GENERATED ALWAYS AS (a + IFNULL(b, 0)) STORED,
  shout VARCHAR(60) GENERATED ALWAYS AS (UPPER(email)) VIRTUAL,
  code VARCHAR(40) NOT NULL DEFAULT (CONCAT('c', a)),
  changed DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (tenant, id), KEY by_id (id), UNIQUE KEY by_email (email), UNIQUE KEY by_nick (tenant, nick))

CREATE TABLE composite (
  b VARBINARY(6) NOT NULL, s VARCHAR(10) COLLATE utf8mb4_bin NOT NULL, d DATE NOT NULL, n SMALLINT NOT NULL,
  u BIGINT UNSIGNED NOT NULL, v INT NULL, note VARCHAR(30) NULL,
  PRIMARY KEY (b, s, d, n, u)) PARTITION BY KEY (n) PARTITIONS 3

CREATE TABLE stamp (
  moment DATETIME(3) NOT NULL, ts TIMESTAMP(2) NOT NULL DEFAULT CURRENT_TIMESTAMP(2), y YEAR NOT NULL,
  bin BINARY(3) NOT NULL, uc VARCHAR(6) COLLATE utf8mb4_0900_bin NOT NULL,
  lc CHAR(5) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL, v INT NULL,
  PRIMARY KEY (moment, ts, y, bin, uc, lc))

CREATE TABLE typed (
  owner INT NOT NULL, id MEDIUMINT UNSIGNED NOT NULL,
  c_bit BIT(10) NULL, c_enum ENUM('a', 'b', 'ç') NULL, c_set SET('x', 'y', 'z') NULL, c_json JSON NULL,
  c_dec DECIMAL(10,3) NULL, c_udec DECIMAL(8,2) UNSIGNED NULL, c_time TIME(3) NULL, c_dt DATETIME(6) NULL,
  c_ts TIMESTAMP(6) NULL, c_date DATE NULL, c_year YEAR NULL, c_blob BLOB NULL, c_text TEXT NULL,
  c_lat VARCHAR(20) CHARACTER SET latin1 NULL, c_float FLOAT NULL, c_double DOUBLE NULL,
  c_tiny TINYINT UNSIGNED NULL, c_med MEDIUMINT NULL, c_big BIGINT UNSIGNED NULL, c_bin BINARY(4) NULL,
  c_vbin VARBINARY(10) NULL, c_char CHAR(5) NULL,
  c_gen INT GENERATED ALWAYS AS (JSON_LENGTH(c_json)) VIRTUAL,
  PRIMARY KEY (owner, id))

CREATE TABLE tree (
  grp INT NOT NULL, id INT NOT NULL, parent INT NULL, v INT NOT NULL DEFAULT 0,
  PRIMARY KEY (grp, id), CONSTRAINT tree_parent FOREIGN KEY (grp, parent) REFERENCES tree (grp, id) ON DELETE CASCADE)

CREATE TABLE parent (id INT NOT NULL PRIMARY KEY, v INT NOT NULL DEFAULT 0)

CREATE TABLE child (
  parent_id INT NOT NULL, id INT NOT NULL, v INT NULL,
  PRIMARY KEY (parent_id, id),
  CONSTRAINT child_parent FOREIGN KEY (parent_id) REFERENCES parent (id) ON DELETE CASCADE ON UPDATE CASCADE)

CREATE TABLE gate (a INT NOT NULL, b INT NOT NULL, v INT NULL, PRIMARY KEY (a, b))

CREATE TRIGGER gate_in BEFORE INSERT ON gate FOR EACH ROW SET NEW.b = NEW.b MOD 7

CREATE TRIGGER gate_change BEFORE UPDATE ON gate FOR EACH ROW SET NEW.a = IF(NEW.v = 13, OLD.a + 1, NEW.a)

CREATE TABLE ticket (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, note VARCHAR(20) NULL, v INT NULL, UNIQUE KEY by_v (v))

CREATE TABLE register (
  owner BIGINT NOT NULL, item INT NOT NULL, v BIGINT NOT NULL, pad VARCHAR(40) NOT NULL, PRIMARY KEY (owner, item))

CREATE TABLE plain (k INT NOT NULL PRIMARY KEY, v INT NULL)

INSERT INTO plain VALUES (1, 1), (2, 2), (3, 3), (4, 4), (5, 5)

CREATE TABLE feeder (k INT NOT NULL PRIMARY KEY, v INT NULL)

CREATE TRIGGER feeder_in AFTER INSERT ON feeder FOR EACH ROW
  INSERT INTO follower VALUES (NEW.k, NEW.v, '2024-01-01', 9) ON DUPLICATE KEY UPDATE status = 8

CREATE TRIGGER feeder_out AFTER DELETE ON feeder FOR EACH ROW
  DELETE FROM follower WHERE user_id = OLD.k AND follower_id = OLD.v

CREATE VIEW follower_view AS SELECT user_id AS u, follower_id AS f, status AS st FROM follower

CREATE PROCEDURE add_follower(IN u BIGINT, IN f BIGINT)
BEGIN
  INSERT INTO follower (user_id, follower_id) VALUES (u, f) ON DUPLICATE KEY UPDATE status = status + 1;
  DELETE FROM follower WHERE user_id = u AND follower_id = f + 1;
END

CREATE FUNCTION touch_follower(u BIGINT) RETURNS INT DETERMINISTIC MODIFIES SQL DATA
BEGIN
  UPDATE follower SET status = 7 WHERE user_id = u;
  RETURN u;
END
