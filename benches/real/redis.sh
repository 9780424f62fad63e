#!/usr/bin/env bash
# GET and SET against Redis: throughput, latency, CPU and context switches.
# Usage: redis.sh [--seconds S] [--rounds N] [--only REGEX] [--out FILE]; --help tells the rest.
source "$(dirname "$0")/servers.sh"

help_only redis "$@"
begin
need redis-server redis-server
need redis-benchmark redis-tools
port=${PORT:-17379}
# In memory only: no snapshots, no log.
(cd "$WORK" && exec taskset -c "$SERVER_CORE" redis-server --port "$port" --bind 127.0.0.1 \
    --save '' --appendonly no) >"$WORK/redis.log" 2>&1 &
SERVERS+=("$!")
wait_until Redis redis-cli -p "$port" ping
measure redis --server "${SERVERS[0]}" --port "$port" "$@"
