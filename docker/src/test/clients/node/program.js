// mysql2 at its ordinary work. Arguments: host port schema.
'use strict';
const { createHash } = require('node:crypto');
const { PassThrough } = require('node:stream');
const mysql = require('mysql2/promise');
const callbacks = require('mysql2');

const [host, port, database] = process.argv.slice(2);
const account = { host, port: Number(port), database, user: 'sha2', password: 'sha2', timezone: 'Z' };

/** Columns by what they say: mysql2 keeps them as places in its input buffer, which holds whatever one read brought. */
function plain(key, value) {
  if (key.startsWith('_')) {
    return undefined;
  }
  if (value?._buf) {
    const { schema, table, orgTable, orgName } = value;
    return { ...value, schema, table, orgTable, orgName };
  }
  return typeof value === 'bigint' ? `${value}n` : value;
}

function show(value) {
  console.log(JSON.stringify(value, plain));
}

async function attempt(title, work) {
  console.log(`# ${title}`);
  try {
    show((await work()) ?? null);
  } catch (e) {
    show({ code: e.code, errno: e.errno, sqlState: e.sqlState, message: e.sqlMessage ?? e.message });
  }
}

/** Rows, and of every column what the server said of it. */
function described([rows, fields]) {
  return {
    rows,
    fields: fields?.map((f) => [f.schema, f.table, f.orgTable, f.name, f.orgName, f.columnType, f.columnLength, f.flags, f.decimals, f.characterSet]),
  };
}

async function types(c) {
  await c.query(`CREATE TABLE IF NOT EXISTS kinds (id INT AUTO_INCREMENT PRIMARY KEY, ti TINYINT, bu BIGINT UNSIGNED, f FLOAT, d DOUBLE,
    de DECIMAL(20,6), dt DATE, tm TIME(3), dtm DATETIME(6), ts TIMESTAMP(3) NULL, y YEAR, c CHAR(5), v VARCHAR(50), vb VARBINARY(20),
    tx TEXT, bl BLOB, j JSON, e ENUM('a','b'), s SET('x','y'), b BIT(9), p POINT)`);
  const row = [-5, '18446744073709551615', 1.25, Math.PI, '12345678901234.567891', '2024-02-29', '-12:34:56.789', '2024-02-29 23:59:59.123456',
    '2025-06-30 12:00:00.250', 2025, 'char', "it's ünï 😀", Buffer.from([0, 1, 254, 255]), 'text', Buffer.from('blob'), '{"a":[1,null]}', 'b', 'x,y', 300];
  const insert = `INSERT INTO kinds VALUES (NULL${',?'.repeat(row.length)}, POINT(1, -2))`;
  await attempt('insert, text', () => c.query(insert, row));
  await attempt('insert, prepared', () => c.execute(insert, row));
  await attempt('nulls', () => c.execute(`INSERT INTO kinds VALUES (NULL${',?'.repeat(row.length)}, NULL)`, row.map(() => null)));
  await attempt('select, text', async () => described(await c.query('SELECT * FROM kinds ORDER BY id')));
  await attempt('select, prepared', async () => described(await c.execute('SELECT * FROM kinds WHERE id > ? ORDER BY id', [0])));
  await attempt('select, arrays and big numbers', async () =>
    described(await c.query({ sql: 'SELECT id, bu, de FROM kinds ORDER BY id', rowsAsArray: true, supportBigNumbers: true, bigNumberStrings: true })));
}

async function follower(c) {
  const values = [];
  for (let f = 1; f <= 50; f++) values.push([f % 3, f, `2025-01-01 00:00:00.${100 + f}`, f % 2]);
  await attempt('bulk insert', () => c.query('INSERT INTO follower (user_id, follower_id, created_at, status) VALUES ?', [values]));
  const statement = await c.prepare('INSERT INTO follower VALUES (?, ?, ?, ?)');
  for (let f = 1; f <= 5; f++) await attempt('prepared insert', () => statement.execute([10, f, '2025-05-05 05:05:05.005', f]));
  await attempt('duplicate', () => statement.execute([10, 1, '2025-05-05 05:05:05.005', 1]));
  await attempt('bad value', () => statement.execute([10, 9, 'no time', 1]));
  await statement.close();
  await attempt('update', () => c.execute('UPDATE follower SET status = status + ? WHERE user_id = ?', [5, 1]));
  await attempt('delete', () => c.execute('DELETE FROM follower WHERE user_id = ? AND follower_id IN (?, ?)', [2, 2, 5]));
  await c.beginTransaction();
  await attempt('in a transaction', () => c.query('UPDATE follower SET follower_id = follower_id + 100 WHERE user_id = 0'));
  await c.rollback();
  await c.beginTransaction();
  await attempt('in a transaction', () => c.query('REPLACE INTO follower VALUES (10, 1, ?, 8)', [new Date(Date.UTC(2025, 1, 2, 3, 4, 5, 678))]));
  await c.commit();
  await attempt('select', async () => described(await c.execute('SELECT * FROM follower WHERE user_id = ? ORDER BY created_at DESC LIMIT 5', [1])));
  await attempt('select all', async () => described(await c.query('SELECT * FROM follower ORDER BY user_id, follower_id')));
}

async function streaming() {
  const c = callbacks.createConnection(account);
  const digest = createHash('md5');
  let rows = 0;
  const sql = 'WITH RECURSIVE n AS (SELECT 1 i UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT a.i, REPEAT("x", a.i) r FROM n a JOIN n b ON b.i < 5 ORDER BY a.i';
  for await (const row of c.query(sql).stream({ highWaterMark: 5 })) {
    rows++;
    digest.update(row.i + row.r);
  }
  show({ rows, md5: digest.digest('hex') });
  // Pipelined: nobody waits for the answer before the next command.
  const answers = [];
  for (let i = 0; i < 50; i++) {
    answers.push(new Promise((done) => {
      const sqlOf = i % 10 === 9 ? 'SELECT * FROM gone' : `SELECT ${i} AS n, (SELECT COUNT(*) FROM follower) AS f`;
      c.query(sqlOf, (error, result) => done(error ? error.errno : result));
    }));
  }
  show(await Promise.all(answers));
  await new Promise((done) => c.end(done));
}

async function main() {
  const c = await mysql.createConnection({ ...account, multipleStatements: true });
  await types(c);
  await follower(c);
  await attempt('several statements', () => c.query('SELECT 1 AS a; DO 0; SELECT 2 AS b; UPDATE follower SET status = 4 WHERE user_id = 10'));
  await attempt('several with an error', () => c.query('SELECT 1; SELECT * FROM gone; SELECT 2'));
  await c.query('CREATE PROCEDURE p(IN a INT, OUT b INT) BEGIN SELECT a; SELECT a + 1; SET b = a; END');
  await attempt('call', async () => (await c.query('CALL p(4, @b); SELECT @b'))[0]);
  await attempt('call, prepared', async () => (await c.execute('CALL p(?, @b)', [7]))[0]);
  for (const sql of ['SELEC 1', 'SELECT * FROM gone', 'SELECT missing FROM follower', 'INSERT INTO kinds (id) VALUES (1)', 'SELECT 1/0', 'SHOW WARNINGS', "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'mine'"]) {
    await attempt(sql, async () => (await c.query(sql))[0]);
    if (sql !== 'SHOW WARNINGS') await attempt(`prepared ${sql}`, async () => (await c.execute(sql))[0]);
  }
  await attempt('load', () => c.query({
    sql: "LOAD DATA LOCAL INFILE 'rows' INTO TABLE follower FIELDS TERMINATED BY ','",
    infileStreamFactory: () => {
      const stream = new PassThrough();
      for (let i = 1; i <= 300; i++) stream.write(`40,${i},2025-04-04 00:00:00.${100 + i},1\n`);
      stream.end();
      return stream;
    },
  }));
  const big = Buffer.alloc(17 << 20, 'abcdefghij');
  await attempt('large parameter', async () => (await c.query('SELECT LENGTH(?) AS n, MD5(?) AS m', [big, 'x']))[0]);
  await attempt('large row', async () => createHash('md5').update((await c.query("SELECT REPEAT('0123456789', 1800000) AS v"))[0][0].v).digest('hex'));
  await attempt('ping', () => c.ping());
  await attempt('change user', async () => {
    await c.changeUser({ user: 'app', password: 'app', database });
    return (await c.query('SELECT CURRENT_USER() AS u'))[0];
  });
  await c.end();
  await streaming();

  const pool = mysql.createPool({ ...account, ssl: { rejectUnauthorized: false }, connectionLimit: 4, compress: true });
  const sums = await Promise.all(Array.from({ length: 40 }, async (_, i) => {
    await pool.execute('INSERT INTO follower VALUES (?, ?, ?, ?)', [50 + (i % 4), i, '2025-06-06 00:00:00.006', 1]);
    return (await pool.query('SELECT COUNT(*) AS n FROM follower WHERE user_id = ? AND follower_id = ?', [50 + (i % 4), i]))[0][0].n;
  }));
  show(sums);
  await attempt('pool', async () => (await pool.query('SELECT user_id, COUNT(*) AS n, SUM(status) AS s FROM follower GROUP BY user_id ORDER BY user_id'))[0]);
  await pool.end();

  await attempt('wrong password', () => mysql.createConnection({ ...account, password: 'no' }));
  await attempt('no such schema', () => mysql.createConnection({ ...account, database: 'no_such_schema' }));
}

main().catch((e) => {
  console.error(e);
  process.exitCode = 1;
});
