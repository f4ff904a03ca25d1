/*!40101 SET @old_mode = @@sql_mode */;
ALTER TABLE account ADD COLUMN followers INT NOT NULL DEFAULT 0, ADD KEY followers_key (followers);
UPDATE account a SET followers = (SELECT COUNT(*) FROM follower f WHERE f.user_id = a.id);
UPDATE follower SET status = 3 WHERE user_id = 1 AND follower_id = 99;
