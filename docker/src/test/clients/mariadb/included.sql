SELECT 'included' AS `Ä column`;
INSERT INTO follower VALUES (26, 1, '2025-01-01 00:00:00.001', 1);
