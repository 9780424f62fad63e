#!/usr/bin/env bash
# One-row updates against MariaDB (InnoDB): throughput, latency, CPU, context switches and flushes.
# Usage: mariadb.sh [--seconds S] [--rounds N] [--only REGEX] [--out FILE]; --help tells the rest.
source "$(dirname "$0")/servers.sh"

help_only mariadb "$@"
begin
PATH="$PATH:/usr/sbin"
need mariadbd mariadb-server
need sysbench sysbench
folder data mysql
folder socket mysql
socket="$WORK/socket/mariadb.sock"
# The defaults, so a commit is flushed before it is answered; no host names, no network.
(as mysql mariadb-install-db --no-defaults --datadir="$WORK/data" --skip-test-db \
    --auth-root-authentication-method=normal >"$WORK/install.log" 2>&1)
(as mysql taskset -c "$SERVER_CORE" mariadbd --no-defaults --datadir="$WORK/data" \
    --socket="$socket" --pid-file="$WORK/socket/pid" --skip-networking) >"$WORK/mariadb.log" 2>&1 &
SERVERS+=("$!")
wait_until MariaDB mariadb --no-defaults --socket="$socket" -u root -e 'SELECT 1'
measure mariadb --server "${SERVERS[0]}" --socket "$socket" "$@"
