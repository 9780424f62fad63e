#!/usr/bin/env bash
# One-row statements against PostgreSQL: throughput, latency, CPU, context switches and flushes.
# Usage: postgres.sh [--seconds S] [--rounds N] [--only REGEX] [--out FILE]; --help tells the rest.
source "$(dirname "$0")/servers.sh"

help_only postgres "$@"
begin
start_postgres
measure postgres --server "$POSTGRES" --work "$WORK" "$@"
