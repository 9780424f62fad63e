#!/usr/bin/env bash
# How long the disk takes to make 8 KiB last, as a log of a database does at each commit.
# Usage: fsync.sh [--seconds S] [--rounds N] [--out FILE]; TMPDIR chooses the disk.
source "$(dirname "$0")/servers.sh"

help_only fsync "$@"
begin
measure fsync --work "$WORK" "$@"
