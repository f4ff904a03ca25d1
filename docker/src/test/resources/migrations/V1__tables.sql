CREATE TABLE account (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(40) NOT NULL UNIQUE COMMENT 'it''s; a name'
) ENGINE = InnoDB;
INSERT INTO account (name) VALUES ('one; two'), ('drei'), ('四');
