# shellcheck shell=bash disable=SC2154 # sourced by bench/accept, whose variables these are
# A real PostgreSQL through --stdin-from-command and back through `dump | psql`. Needs Debian's postgresql; root, since a cluster runs as a user of its own.

check_postgres() {
  local bin user=postgres rows=${ROWS:-1000000} socket status sent first changed
  bin=$(dirname "$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | tail -n 1)")
  [ -x "$bin/initdb" ] || { apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null 2>&1; bin=$(dirname "$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | tail -n 1)"); }
  [ -x "$bin/initdb" ] || { fail "postgres: install it (apt-get install postgresql)"; return; }
  fresh; receiver
  # Beside the scratch folder, which only root may be able to enter.
  socket=$(mktemp -d /tmp/sago-pg.XXXXXX); mkdir "$socket/cluster"; chown $user "$socket/cluster" "$socket"; chmod 755 "$socket"
  as_user() { (cd / && exec setpriv --reuid=$user --regid=$user --clear-groups env -i PATH=/usr/bin:/bin HOME=/ LC_ALL=C.UTF-8 "$@"); }
  as_user "$bin/initdb" -D "$socket/cluster" -A trust -E UTF8 --no-sync >"$work/initdb.log" 2>&1 || { fail "postgres: initdb"; tail -3 "$work/initdb.log"; return; }
  # In the foreground, so that it ends with this script.
  as_user "$bin/postgres" -D "$socket/cluster" -k "$socket" -c listen_addresses= -c fsync=off -c autovacuum=off >"$work/postgres.log" 2>&1 & local server=$!; children+=("$server")
  for _ in $(seq 100); do "$bin/pg_isready" -q -h "$socket" && break; sleep 0.2; done
  query() { "$bin/psql" -h "$socket" -U $user -v ON_ERROR_STOP=1 -qAt "$@"; }
  query -d postgres -c 'CREATE DATABASE shop'
  query -d shop <<S
CREATE TABLE orders (id bigint PRIMARY KEY, customer text NOT NULL, note bytea, price numeric(12,2), placed timestamptz);
INSERT INTO orders SELECT i, 'customer ' || md5(i::text) || E' \n\t\\\\ "quoted" \u53f2\u5eab', decode(md5((i * 7)::text), 'hex'), (i % 99999) / 7.0, timestamptz '2026-01-01' + i * interval '1 second' FROM generate_series(1, $rows) i;
CREATE TABLE odd ("a column" text, "NULL" int); INSERT INTO odd VALUES (NULL, NULL), ('', 0), (E'\\\\.', 1), (repeat('x', 1000000), 2);
CREATE INDEX ON orders (placed); CREATE VIEW dear AS SELECT * FROM orders WHERE price > 10000; CREATE SEQUENCE s START 4711;
S
  dump=("$bin/pg_dump" -h "$socket" -U $user shop)
  "$sago" backup --dataset shop --stdin-name shop.sql --stdin-from-command -- "${dump[@]}" >"$work/backup.log" 2>&1; status=$?; tail -n 2 "$work/backup.log"
  check "postgres: a dump is backed up" [ $status = 0 ]
  first=$(site_bytes); "${dump[@]}" > "$work/first.sql"; say "  $rows rows, dump of $(stat -c %s "$work/first.sql") bytes, the site holds $first bytes"
  query -d postgres -c 'CREATE DATABASE back'
  "$sago" dump latest /shop.sql 2>"$work/dump.log" | query -d back >"$work/psql.log" 2>&1; status=("${PIPESTATUS[@]}")
  check "postgres: dump | psql exit 0 (${status[*]})" [ "${status[*]}" = "0 0" ]
  "$bin/pg_dump" -h "$socket" -U $user back > "$work/back.sql"
  # Newer releases of pg_dump put a random word on \restrict lines.
  check "postgres: the restored database dumps to the same text" cmp <(grep -vE '^\\(un)?restrict ' "$work/first.sql") <(grep -vE '^\\(un)?restrict ' "$work/back.sql")
  check "postgres: nothing is missing in it" [ "$(query -d back -c 'SELECT count(*), sum(price) FROM orders')" = "$(query -d shop -c 'SELECT count(*), sum(price) FROM orders')" ]
  # 1 % of the rows: the newest ones, as a shop changes them. PostgreSQL writes them anew at the end of its table.
  changed=$((rows / 100)); query -d shop -c "UPDATE orders SET price = price + 1 WHERE id > $rows - $changed"
  "$sago" backup --dataset shop --stdin-name shop.sql --stdin-from-command -- "${dump[@]}" >"$work/backup.log" 2>&1 || fail "postgres: second backup"; tail -n 2 "$work/backup.log"
  sent=$(($(site_bytes) - first)); say "  $changed rows changed: the site grew by $sent bytes, $((sent * 1000 / first)) in a thousand of the first"
  check "postgres: the second dump sends less than a tenth" [ "$sent" -lt $((first / 10)) ]
  "${dump[@]}" > "$work/second.sql"; "$sago" dump latest /shop.sql > "$work/second-back.sql" 2>"$work/dump.log"
  check "postgres: the second dump comes back" cmp <(grep -vE '^\\(un)?restrict ' "$work/second.sql") <(grep -vE '^\\(un)?restrict ' "$work/second-back.sql")
  # What fails, commits nothing.
  local before; before=$("$sago" snapshots | grep -c shop)
  expect 1 "a dump of a database that is not there" "$sago" backup --dataset shop --stdin-name shop.sql --stdin-from-command -- "$bin/pg_dump" -h "$socket" -U $user nowhere
  expect 1 "a command that fails after it wrote much" "$sago" backup --dataset shop --stdin-name shop.sql --stdin-from-command -- sh -c 'cat "$1"; exit 7' sh "$work/second.sql"
  grep -q 7 "$work/out" || fail "postgres: the status of the command is not told"
  expect 1 "a command that is killed" "$sago" backup --dataset shop --stdin-name shop.sql --stdin-from-command -- sh -c 'cat "$1"; kill -9 $$' sh "$work/second.sql"
  expect 1 "a command that is not there" "$sago" backup --dataset shop --stdin-name shop.sql --stdin-from-command -- /no/such/command
  check "postgres: none of them left a snapshot" [ "$("$sago" snapshots | grep -c shop)" = "$before" ]
  "$sago" backup --dataset shop --stdin --stdin-name shop.sql < "$work/second.sql" >"$work/backup.log" 2>&1; check "postgres: the same from standard input" [ $? = 0 ]
  check "postgres: verify" "$sago" verify --read-data
  # SIGINT is PostgreSQL's fast shutdown; it goes to the server itself, because a shell in the background ignores it.
  kill -INT "$(head -n 1 "$socket/cluster/postmaster.pid")"; wait "$server" 2>/dev/null; rm -rf "$socket"
}
