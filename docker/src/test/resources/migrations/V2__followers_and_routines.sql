INSERT INTO follower (user_id, follower_id, created_at, status)
SELECT id, 10 + id, '2025-01-02 03:04:05.678', 1 FROM account;

DELIMITER //
CREATE PROCEDURE follow_all(IN who BIGINT)
BEGIN
  INSERT INTO follower SELECT id, who, '2025-02-03 04:05:06.789', 2 FROM account;
END//
DELIMITER ;

CALL follow_all(99);
