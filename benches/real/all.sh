#!/usr/bin/env bash
# Everything, one after the other: about 25 minutes with the defaults, and a quiet machine.
# Usage: all.sh [--seconds S] [--rounds N]; OUT=FOLDER says where the files go (measured/ beside
# this script if it is not set).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
out=${OUT:-$here/measured}
mkdir -p "$out"
for name in fsync postgres application mariadb redis; do
    "$here/$name.sh" "$@" --out "$out/$name.csv"
done
"$here/probes.sh" --measured "$out" --out "$out/mechanisms.csv"
OUT=$out "$here/predict.sh"
