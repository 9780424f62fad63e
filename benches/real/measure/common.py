"""What every measurement shares: arguments, processes, percentiles, medians and the CSV form."""

import argparse
import csv
import datetime
import io
import math
import os
import re
import statistics
import sys

COLUMNS = [
    "case", "layout", "clients", "rate_per_s", "throughput_per_s",
    "mean_ms", "p50_ms", "p90_ms", "p99_ms", "source",
    "rows", "cpu_us", "switches", "flushes", "errors", "throughput_runs",
]
KEY = ["case", "layout", "clients", "rate_per_s"]
DECIMALS = {
    "throughput_per_s": 0, "mean_ms": 4, "p50_ms": 4, "p90_ms": 4, "p99_ms": 4,
    "cpu_us": 1, "switches": 2, "flushes": 3, "errors": 0,
}
LOAD_CORE = os.environ.get("LOAD_CORE", "1")
ON_LOAD_CORE = ["taskset", "-c", LOAD_CORE]


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--seconds", type=float, default=5, help="measured time of a point")
    parser.add_argument("--warmup", type=float, default=1, help="time before it that is not counted")
    parser.add_argument("--rounds", type=int, default=3, help="rounds over all points; medians are told")
    parser.add_argument("--only", default="", help="regular expression: only the points whose label has it")
    parser.add_argument("--out", help="CSV file; rows of the same points are replaced")
    parser.add_argument("--work", default="", help=argparse.SUPPRESS)
    parser.add_argument("--server", type=int, action="append", default=[], help=argparse.SUPPRESS)
    # The load and whoever watches it stay off the servers' core.
    os.sched_setaffinity(0, {int(LOAD_CORE)})
    return parser


def tree(roots):
    """The processes that are given and everything below them."""
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as stat:
                    parent = int(stat.read().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            children.setdefault(parent, []).append(int(name))
    found, open_ends = [], list(roots)
    while open_ends:
        pid = open_ends.pop()
        found.append(pid)
        open_ends.extend(children.get(pid, []))
    return found


def usage(roots):
    """CPU (in microseconds) and context switches of these processes until now.

    schedstat counts nanoseconds; the clock ticks of /proc/PID/stat are too coarse here.
    What a process used is lost when it ends, so both ends of an interval must see the same ones.
    """
    cpu_us, switches = 0.0, 0
    for pid in tree(roots):
        try:
            for task in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{task}/schedstat") as schedstat:
                    cpu_us += int(schedstat.read().split()[0]) / 1000
                with open(f"/proc/{pid}/task/{task}/status") as status:
                    switches += sum(map(int, re.findall(r"voluntary_ctxt_switches:\s+(\d+)", status.read())))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return cpu_us, switches


def percentile(ordered, part):
    """The nearest-rank percentile of values in order."""
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)]


def latencies(milliseconds):
    """Mean and percentiles as columns of a row."""
    if not milliseconds:
        return {}
    ordered = sorted(milliseconds)
    return {
        "mean_ms": statistics.fmean(ordered), "p50_ms": percentile(ordered, 0.5),
        "p90_ms": percentile(ordered, 0.9), "p99_ms": percentile(ordered, 0.99),
    }


def machine():
    with open("/proc/cpuinfo") as cpuinfo:
        virtual = "hypervisor" in cpuinfo.read()
    cores = os.cpu_count()
    words = {2: "two", 4: "four", 8: "eight"}
    return f"{'virtual machine' if virtual else 'machine'} of {words.get(cores, cores)} cores"


def source(what, args):
    today = datetime.date.today().isoformat()
    return (f"measured {today}: {what}; {machine()}; median of {args.rounds} interleaved rounds "
            f"of {args.seconds:g} s")


def medians(runs):
    """One row out of the rows of all rounds: the median of each number."""
    row = dict(runs[0])
    for column in DECIMALS:
        values = [run[column] for run in runs if run.get(column) not in (None, "")]
        if values:
            row[column] = statistics.median(values)
    row["throughput_runs"] = "; ".join(f"{run['throughput_per_s']:.0f}" for run in runs)
    return row


def as_text(row):
    text = {}
    for column in COLUMNS:
        value = row.get(column, "")
        if isinstance(value, float):
            value = f"{value:.{DECIMALS.get(column, 3)}f}"
        text[column] = str(value)
    return text


def line(text):
    out = io.StringIO()
    csv.DictWriter(out, COLUMNS, lineterminator="\n").writerow(text)
    return out.getvalue()


def save(path, rows):
    """Writes the rows into the file; a row of the same point is replaced in its place."""
    table = {}
    if os.path.exists(path):
        with open(path, newline="") as old:
            for row in csv.DictReader(old):
                table[tuple(row[k] for k in KEY)] = row
    for row in rows:
        table[tuple(row[k] for k in KEY)] = row
    with open(path, "w", newline="") as new:
        writer = csv.DictWriter(new, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(table.values())


def measure(points, run, args):
    """Runs every point once a round, and tells the medians.

    `points` are rows with a label; `run(point)` returns the measured columns. The rounds are
    interleaved, so that a slow minute of the machine falls on all points alike.
    """
    points = [p for p in points if re.search(args.only, p["label"])]
    if not points:
        sys.exit(f"no point matches {args.only!r}")
    results = {p["label"]: [] for p in points}
    for number in range(args.rounds):
        for point in points:
            row = {**point, **run(point)}
            results[point["label"]].append(row)
            print(f"round {number + 1}: {point['label']}: {row['throughput_per_s']:.0f}/s",
                  file=sys.stderr)
    rows = [as_text(medians(runs)) for runs in results.values()]
    sys.stdout.write(",".join(COLUMNS) + "\n")
    for row in rows:
        sys.stdout.write(line(row))
    if args.out:
        save(args.out, rows)
