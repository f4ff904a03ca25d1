CREATE OR REPLACE VIEW popular AS
SELECT a.name, COUNT(*) AS followers FROM account a JOIN follower f ON f.user_id = a.id GROUP BY a.name;
