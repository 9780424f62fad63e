"""The CSV form of what is measured, percentiles and medians."""

import csv
import math
import os
import statistics

COLUMNS = [
    "case", "layout", "clients", "rate_per_s", "throughput_per_s",
    "mean_ms", "p50_ms", "p90_ms", "p99_ms", "source",
    "rows", "cpu_us", "switches", "flushes", "errors", "throughput_runs",
]
KEY = ["case", "layout", "clients"]
DECIMALS = {
    "rate_per_s": 0, "throughput_per_s": 0, "mean_ms": 4, "p50_ms": 4, "p90_ms": 4, "p99_ms": 4,
    "cpu_us": 1, "switches": 2, "flushes": 3, "errors": 0, "others": 3, "host": 3,
}
# The part of both cores that others and the host of a virtual machine may take in a run that
# counts. With one request at a time the cores sleep and wake for each, and some of that is told
# as the host's part: it is no disturbance.
MOST_OTHERS = 0.04
MOST_HOST = 0.05
MOST_HOST_ALONE = 0.25


def key(row):
    return tuple(str(row.get(name, "")) for name in KEY)


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


def undisturbed(run):
    """Whether others, the host included, took next to nothing of both cores in this run."""
    alone = str(run.get("clients", "")) == "1" or "every" in run["case"]
    most_host = MOST_HOST_ALONE if alone else MOST_HOST
    return float(run["others"]) <= MOST_OTHERS and float(run["host"]) <= most_host


def medians(runs):
    """One row out of all runs of a point: the median of each number."""
    good = [run for run in runs if undisturbed(run)]
    row = dict(runs[-1])
    for column in [name for name in COLUMNS if name in DECIMALS]:
        values = [float(run[column]) for run in good or runs if run.get(column) not in (None, "")]
        if values:
            row[column] = statistics.median(values)
    row["throughput_runs"] = "; ".join(f"{float(run['throughput_per_s']):.0f}" for run in good or runs)
    count = len(good or runs)
    row["source"] += f", {f'median of {count} runs' if count > 1 else 'one run'}"
    if not good:
        row["source"] += ", disturbed by other processes"
    return row


def as_text(row, columns):
    text = {}
    for column in columns:
        value = row.get(column, "")
        if isinstance(value, float):
            value = f"{value:.{DECIMALS.get(column, 3)}f}"
        text[column] = str(value)
    return text


def write(file, columns, rows):
    writer = csv.DictWriter(file, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(as_text(row, columns) for row in rows)


def read(path):
    if not path or not os.path.exists(path):
        return []
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def save(path, columns, rows):
    """Writes all of the file anew beside it, so that an end in between spoils nothing."""
    with open(f"{path}.new", "w", newline="") as file:
        write(file, columns, rows)
    os.replace(f"{path}.new", path)
