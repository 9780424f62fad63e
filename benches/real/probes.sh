#!/usr/bin/env bash
# The coefficients of the mechanisms, out of what the other scripts measured and of one probe.
# Usage: probes.sh [--rounds N] [--measured FOLDER] [--out FILE]; --help tells the rest.
source "$(dirname "$0")/servers.sh"

help_only probes "$@"
begin
build_app
measure probes --switches "$APP/switches" --measured "$REAL/measured" "$@"
