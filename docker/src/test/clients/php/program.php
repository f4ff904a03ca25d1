<?php
// PHP's mysqli and PDO at their ordinary work. Arguments: host port schema.
declare(strict_types=1);

[, $host, $port, $schema] = $argv;

function show(mixed ...$values): void
{
    echo implode(' ', array_map(fn ($v) => is_string($v) ? $v : json_encode($v, JSON_INVALID_UTF8_SUBSTITUTE | JSON_PRESERVE_ZERO_FRACTION), $values)), "\n";
}

function attempt(string $title, callable $work): void
{
    show('#', $title);
    try {
        $work();
    } catch (mysqli_sql_exception $e) {
        show('!', $e->getCode(), $e->getSqlState(), $e->getMessage());
    } catch (PDOException $e) {
        show('! pdo', $e->getCode(), $e->errorInfo ?? null, $e->getMessage());
    }
}

/** A result with its columns' definitions. */
function rows(mysqli_result $result, bool $described = true): void
{
    if ($described) {
        foreach ($result->fetch_fields() as $field) {
            show('column', (array) $field);
        }
    }
    while ($row = $result->fetch_row()) {
        show('|', array_map(fn ($v) => is_string($v) && !mb_check_utf8($v) ? '0x' . bin2hex($v) : $v, $row));
    }
    $result->free();
}

function mb_check_utf8(string $text): bool
{
    return preg_match('//u', $text) === 1;
}

function query(mysqli $db, string $sql, int $mode = MYSQLI_STORE_RESULT): void
{
    attempt($sql, function () use ($db, $sql, $mode) {
        $result = $db->query($sql, $mode);
        if ($result instanceof mysqli_result) {
            rows($result);
        }
        show('affected', $db->affected_rows, 'id', $db->insert_id, 'warnings', $db->warning_count, 'info', $db->info);
        if ($db->warning_count > 0) {
            for ($w = $db->get_warnings(), $more = true; $more; $more = $w->next()) {
                show('~', $w->errno, $w->sqlstate, $w->message);
            }
        }
    });
}

function types(mysqli $db): void
{
    query($db, "CREATE TABLE kinds (id INT AUTO_INCREMENT PRIMARY KEY, bi BIGINT, bu BIGINT UNSIGNED, f FLOAT, d DOUBLE, de DECIMAL(20,6),
        dt DATE, tm TIME(3), dtm DATETIME(6), y YEAR, v VARCHAR(60), vb VARBINARY(20), tx TEXT, bl LONGBLOB, j JSON, e ENUM('a','b'),
        s SET('x','y'), b BIT(9), p POINT)");
    $row = ['-9223372036854775808', '18446744073709551615', 1.25, M_PI, '12345678901234.567891', '2024-02-29', '-12:34:56.789',
        '2024-02-29 23:59:59.123456', 2025, "it's ünï 😀", "\0\1\xFE\xFF", 'text', 'blob', '{"a":[1,null]}', 'b', 'x,y', 300];
    $insert = $db->prepare('INSERT INTO kinds VALUES (NULL' . str_repeat(', ?', count($row)) . ', POINT(1, -2))');
    $insert->bind_param('ssddssssissssssi' . 'i', ...$row);
    attempt('typed insert', fn () => show($insert->execute(), $insert->affected_rows, $insert->insert_id));
    attempt('strings', fn () => show($insert->execute($row), $insert->insert_id));
    attempt('nulls', fn () => show($insert->execute(array_fill(0, count($row), null)), $insert->insert_id));
    $insert->close();
    query($db, 'SELECT * FROM kinds ORDER BY id');
    attempt('prepared', function () use ($db) {
        $select = $db->prepare('SELECT * FROM kinds WHERE id > ? ORDER BY id');
        $zero = 0;
        $select->bind_param('i', $zero);
        $select->execute();
        rows($select->get_result());
    });
    attempt('long data', function () use ($db) {
        $update = $db->prepare('UPDATE kinds SET bl = ? WHERE id = 1');
        $null = null;
        $update->bind_param('b', $null);
        for ($i = 0; $i < 20; $i++) {
            $update->send_long_data(0, str_repeat(chr(65 + $i), 50000));
        }
        show($update->execute(), $update->affected_rows);
    });
    query($db, 'SELECT LENGTH(bl), MD5(bl) FROM kinds WHERE id = 1');
}

function follower(mysqli $db): void
{
    $insert = $db->prepare('INSERT INTO follower VALUES (?, ?, ?, ?)');
    for ($i = 1; $i <= 40; $i++) {
        $insert->execute([1 + $i % 3, $i, sprintf('2025-01-01 00:00:00.%03d', $i), $i % 2]);
    }
    attempt('duplicate', fn () => $insert->execute([2, 1, '2025-01-01', 1]));
    attempt('bad value', fn () => $insert->execute([2, 99, 'no time', 1]));
    query($db, "INSERT INTO follower VALUES (2, 1, '2025-01-01', 1) ON DUPLICATE KEY UPDATE status = status + 4");
    query($db, "REPLACE INTO follower VALUES (2, 4, '2025-02-02 02:02:02.002', 6), (7, 7, '2025-02-02 02:02:02.002', 6)");
    query($db, 'UPDATE follower SET status = 8 WHERE user_id = 3');
    query($db, "INSERT IGNORE INTO follower VALUES (8, 1, '2025-02-30', 1000)");
    $db->begin_transaction(MYSQLI_TRANS_START_WITH_CONSISTENT_SNAPSHOT);
    query($db, 'DELETE FROM follower WHERE user_id = 1');
    $db->savepoint('s');
    $db->rollback();
    $db->autocommit(false);
    query($db, 'UPDATE follower SET user_id = 9 WHERE user_id = 3 AND follower_id > 20');
    $db->commit();
    $db->autocommit(true);
    query($db, 'SELECT * FROM follower ORDER BY user_id, follower_id', MYSQLI_USE_RESULT);
    attempt('cursor', function () use ($db) {
        $select = $db->prepare('SELECT follower_id, created_at FROM follower ORDER BY user_id, follower_id');
        $select->attr_set(MYSQLI_STMT_ATTR_CURSOR_TYPE, MYSQLI_CURSOR_TYPE_READ_ONLY);
        $select->execute();
        $select->bind_result($id, $created);
        while ($select->fetch()) {
            show('|', $id, $created);
        }
    });
}

function several(mysqli $db): void
{
    foreach (['SELECT 1 AS a; DO 0; SELECT 2 AS b, 3 AS c; UPDATE follower SET status = 3 WHERE user_id = 7', 'CALL p(4, @b); SELECT @b',
        'SELECT 1; SELECT * FROM gone; SELECT 2'] as $sql) {
        attempt($sql, function () use ($db, $sql) {
            $db->multi_query($sql);
            do {
                $result = $db->store_result();
                $result ? rows($result) : show('affected', $db->affected_rows);
            } while ($db->next_result());
        });
    }
}

function pdo(string $host, string $port, string $schema): void
{
    foreach ([true, false] as $emulated) {
        $db = new PDO("mysql:host=$host;port=$port;dbname=$schema;charset=utf8mb4", 'app', 'app', [
            PDO::ATTR_EMULATE_PREPARES => $emulated,
            PDO::MYSQL_ATTR_FOUND_ROWS => true,
            PDO::MYSQL_ATTR_COMPRESS => $emulated,
        ]);
        show('## pdo', $emulated, $db->getAttribute(PDO::ATTR_SERVER_VERSION));
        attempt('changes', function () use ($db) {
            $db->beginTransaction();
            $insert = $db->prepare('INSERT INTO follower VALUES (:u, :f, :c, 1) ON DUPLICATE KEY UPDATE status = 5');
            for ($i = 1; $i <= 5; $i++) {
                $insert->execute(['u' => 60, 'f' => $i, 'c' => '2025-06-06 06:06:06.006']);
                show('count', $insert->rowCount());
            }
            $db->commit();
            show('found', $db->exec('UPDATE follower SET status = status WHERE user_id = 60'));
        });
        attempt('rows', function () use ($db) {
            $select = $db->prepare('SELECT f.*, k.* FROM follower f LEFT JOIN kinds k ON k.id = f.follower_id WHERE f.user_id = ? ORDER BY 2');
            $select->execute([60]);
            for ($i = 0; $i < $select->columnCount(); $i++) {
                show('column', $select->getColumnMeta($i));
            }
            foreach ($select->fetchAll(PDO::FETCH_NUM) as $row) {
                show('|', array_map(fn ($v) => is_string($v) ? md5($v) : $v, $row));
            }
        });
        attempt('results', function () use ($db) {
            $call = $db->prepare('CALL p(6, @b)');
            $call->execute();
            do {
                show('|', $call->columnCount() ? $call->fetchAll(PDO::FETCH_ASSOC) : null);
            } while ($call->nextRowset());
        });
        attempt('wrong', fn () => $db->query('SELECT * FROM gone'));
        attempt('wrong, prepared', fn () => $db->prepare('SELEC ?')->execute([1]));
    }
}

mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
$db = mysqli_init();
$db->options(MYSQLI_OPT_LOCAL_INFILE, 1);
$db->options(MYSQLI_OPT_INT_AND_FLOAT_NATIVE, 1);
$db->real_connect($host, 'sha2', 'sha2', $schema, (int) $port, null, MYSQLI_CLIENT_SSL_DONT_VERIFY_SERVER_CERT | MYSQLI_CLIENT_SSL);
$db->set_charset('utf8mb4');
show($db->server_info, $db->server_version, $db->protocol_version, $db->character_set_name(), $db->get_charset()->collation);
types($db);
follower($db);
query($db, 'CREATE PROCEDURE p(IN a INT, OUT b INT) BEGIN SELECT a; SELECT a + 1; SET b = a; END');
several($db);
foreach (['SELEC 1', 'SELECT * FROM gone', 'SELECT missing FROM follower', 'SELECT 1/0, CAST("1x" AS SIGNED)', 'KILL 4000000000',
    'SHOW COLUMNS FROM follower', 'INSERT INTO kinds (v) VALUES ("a"), ("b")', 'ALTER TABLE kinds ADD KEY v_key (v)'] as $sql) {
    query($db, $sql);
}
$file = tempnam(sys_get_temp_dir(), 'load');
for ($i = 1, $text = ''; $i <= 300; $i++) {
    $text .= sprintf("40\t%d\t2025-04-04 00:00:00.%03d\t1\n", $i, $i);
}
file_put_contents($file, $text);
attempt('load', function () use ($db, $file) {
    show($db->query("LOAD DATA LOCAL INFILE '$file' INTO TABLE follower"), $db->affected_rows, $db->info);
});
unlink($file);
query($db, 'SELECT COUNT(*), SUM(follower_id) FROM follower WHERE user_id = 40');
attempt('another user', function () use ($db, $schema) {
    show($db->change_user('app', 'app', $schema));
    query($db, 'SELECT CURRENT_USER(), DATABASE()');
    show($db->select_db('mysql'), $db->ping());
    $db->select_db('nowhere');
});
show((bool) preg_match('/^Uptime: \d+  Threads: \d+/', $db->stat()));
$thread = $db->thread_id;
attempt('killed', function () use ($db, $thread, $host, $port, $schema) {
    (new mysqli($host, 'app', 'app', $schema, (int) $port))->query("KILL $thread");
    try {
        @$db->query('SELECT 1');
    } catch (mysqli_sql_exception $e) {
        // 2006 or 2013: whether the end was noticed before the statement was sent.
        show(in_array($e->getCode(), [2006, 2013]) ? 'lost' : $e->getCode());
    }
});
pdo($host, $port, $schema);
attempt('wrong password', fn () => @new mysqli($host, 'app', 'no', $schema, (int) $port));
attempt('no such schema', fn () => @new mysqli($host, 'app', 'app', 'no_such_schema', (int) $port));
