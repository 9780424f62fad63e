#!/usr/bin/env bash
# What the model predicts of the measured points, fitted to their lone clients alone. Nothing is measured here.
# Usage: predict.sh [application | postgres | mariadb ...]; OUT=FOLDER says where the measured files are.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
cargo build --release --quiet --locked --manifest-path "$root/Cargo.toml"
exec python3 -B "$here/measure/predict.py" --measured "${OUT:-$here/measured}" \
    --cutline "$root/target/release/cutline" --scenarios "$root/scenarios" "$@"
