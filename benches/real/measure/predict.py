"""What the model predicts of the measured points, from their lone clients alone; started by predict.sh."""

import argparse
import csv
import pathlib
import re
import subprocess
import sys
import tempfile

COLUMNS = [
    "case", "layout", "endpoint", "clients", "rate_per_s", "throughput_per_s", "mean_ms", "p50_ms", "p90_ms", "p99_ms",
    "cpu_us", "set", "source",
]
SERVER = "layouts.one-server.databases.main"


def of_application(row):
    """A row of the shop as the scenario calls things; None for what it does not have."""
    point = re.fullmatch(r"(browse|order|heavy|mix) (?:x\d+|open [\d.]+)(?: rows \d+)?", row["case"])
    if not point:
        return None
    kind = point[1]
    rows = f"application.modules.orders.tables.stock.rows={row['rows']}" if kind == "order" else ""
    return {**row, "layout": row["layout"].replace(" ", "-"), "endpoint": "all" if kind == "mix" else kind, "set": rows}


def of_updates(*more):
    def read(row):
        if not row["case"].startswith("UPDATE") or row["case"].endswith("synchronous_commit off"):
            return None
        rows = f"application.modules.bench.tables.counters.rows={row['rows']}"
        return {**row, "layout": "one-server", "endpoint": "client", "set": "; ".join([rows, *more])}
    return read


# What is measured, its scenario, and how a row of the one is a situation of the other.
PARTS = {
    "application": ("real-shop", of_application),
    "postgres": ("postgres-updates", of_updates(f"{SERVER}.scheduling=time_slices")),
    "mariadb": ("postgres-updates", of_updates(f"{SERVER}.engine=mysql")),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all of them if none is named")
    parser.add_argument("--measured", type=pathlib.Path, required=True, help="folder of the measured files")
    parser.add_argument("--cutline", required=True, help="set by predict.sh")
    parser.add_argument("--scenarios", type=pathlib.Path, required=True, help="set by predict.sh")
    args = parser.parse_args()
    for part in args.parts or PARTS:
        if part not in PARTS:
            sys.exit(f"{part} has no predictions: choose of {', '.join(PARTS)}")
        scenario, read = PARTS[part]
        with open(args.measured / f"{part}.csv", newline="") as file:
            rows = [row for row in map(read, csv.DictReader(file)) if row]
        with tempfile.TemporaryDirectory() as folder:
            table = pathlib.Path(folder) / f"{part}.csv"
            with open(table, "w", newline="") as file:
                writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore")
                writer.writeheader()
                writer.writerows(rows)
            print(f"\n{part}: {len(rows)} points, and what scenarios/{scenario}.yaml predicts of them", flush=True)
            # Rows of one machine differ by 10 % from run to run.
            subprocess.run([args.cutline, "calibrate", args.scenarios / f"{scenario}.yaml", "--measured", table,
                            "--error", "10%", "--out", f"{folder}/out"], check=True)


main()
