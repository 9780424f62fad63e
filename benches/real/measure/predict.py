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


def beyond_cpu(rows):
    """How long a ping takes beyond its CPU, by layout (ms): the client's core and the way to it and back."""
    pings = [row for row in rows if row["case"] == "ping x1"]
    return {row["layout"]: float(row["mean_ms"]) - float(row["cpu_us"]) / 1e3 for row in pings}


def of_application(row, rows):
    """A row of the shop as the scenario calls things; None for what it does not have."""
    point = re.fullmatch(r"(browse|order|heavy|mix) (?:x\d+|open [\d.]+)(?: rows \d+)?", row["case"])
    if not point:
        return None
    kind = point[1]
    rows_of = f"application.modules.orders.tables.stock.rows={row['rows']}" if kind == "order" else ""
    told = {**row, "layout": row["layout"].replace(" ", "-"), "endpoint": "all" if kind == "mix" else kind, "set": rows_of}
    if row["clients"] == "1":
        # The scenario has no client: a lone request is told without its time.
        mean = float(row["mean_ms"]) - beyond_cpu(rows)[row["layout"]]
        told.update(mean_ms=f"{mean:.4f}", throughput_per_s="", p50_ms="", p90_ms="", p99_ms="")
    return told


def of_updates(*more):
    def read(row, rows):
        if not row["case"].startswith("UPDATE") or row["case"].endswith("synchronous_commit off"):
            return None
        stock = f"application.modules.bench.tables.counters.rows={row['rows']}"
        delayed = re.search(r"commit_delay (\d+) us, commit_siblings (\d+)", row["case"])
        delay = [f"{SERVER}.commit_delay={delayed[1]}us", f"{SERVER}.commit_siblings={delayed[2]}"] if delayed else []
        return {**row, "layout": "one-server", "endpoint": "client", "set": "; ".join([stock, *more, *delay])}
    return read


def requeue(measured):
    """What a session that waits for a row costs at each commit of it, as probes.sh measured it."""
    with open(measured / "mechanisms.csv", newline="") as file:
        found = [row for row in csv.DictReader(file) if row["mechanism"] == "PostgreSQL, waiter of a row at a commit: cpu_us"]
    return f"{SERVER}.costs={{ requeue: {found[0]['value']}us }}"


def parts(measured):
    """What is measured, its scenario, and how a row of the one is a situation of the other."""
    return {
        "application": ("real-shop", of_application),
        "postgres": ("postgres-updates", of_updates(f"{SERVER}.scheduling=time_slices", requeue(measured))),
        "mariadb": ("postgres-updates", of_updates(f"{SERVER}.engine=mysql")),
    }


NAMES = ["application", "postgres", "mariadb"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(NAMES)}; all of them if none is named")
    parser.add_argument("--measured", type=pathlib.Path, required=True, help="folder of the measured files")
    parser.add_argument("--cutline", required=True, help="set by predict.sh")
    parser.add_argument("--scenarios", type=pathlib.Path, required=True, help="set by predict.sh")
    args = parser.parse_args()
    for part in args.parts or NAMES:
        if part not in NAMES:
            sys.exit(f"{part} has no predictions: choose of {', '.join(NAMES)}")
        scenario, read = parts(args.measured)[part]
        with open(args.measured / f"{part}.csv", newline="") as file:
            table_rows = list(csv.DictReader(file))
        rows = [told for row in table_rows if (told := read(row, table_rows))]
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
