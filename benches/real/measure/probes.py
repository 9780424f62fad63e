"""The coefficients of the mechanisms, out of the measured files and of a probe of switches; started by probes.sh."""

import argparse
import csv
import datetime
import statistics
import subprocess
import sys

import points
import processes
import table

COLUMNS = ["mechanism", "value", "unit", "source"]
ONE, THREE = "one process", "three processes"


class Measured:
    """The rows of the other scripts' files."""

    def __init__(self, folder):
        self.rows = {}
        for name in ["postgres", "application"]:
            for row in table.read(f"{folder}/{name}.csv"):
                self.rows[table.key(row)] = row

    def get(self, column, case, layout, clients=""):
        text = self.rows.get((case, layout, str(clients)), {}).get(column, "")
        return float(text) if text else None


def switches(args):
    """The probe: what a switch costs when each process touches so much memory at every turn."""
    runs = {}
    for _ in range(args.rounds):
        command = ["taskset", "-c", processes.SERVER_CORE, args.switches]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        for row in csv.DictReader(output.splitlines()):
            runs.setdefault(row["memory_kib"], []).append(float(row["switch_us"]))
    for kib, values in runs.items():
        yield f"context switch, {kib} KiB touched at each turn", statistics.median(values), "us", "probe of switches"


def event_loop(measured):
    """What a lone request costs above one of sixteen at a time, for each switch it has more."""
    for layout in [ONE, THREE]:
        for case in ["ping", "browse"]:
            cpu = [measured.get("cpu_us", f"{case} x{n}", layout, n) for n in [1, 16]]
            switched = [measured.get("switches", f"{case} x{n}", layout, n) for n in [1, 16]]
            if None in cpu + switched or switched[0] - switched[1] < 0.1:
                continue
            yield (f"CPU for each switch more, {case}, {layout}", (cpu[0] - cpu[1]) / (switched[0] - switched[1]),
                   "us", f"{case} x1 and x16: CPU {cpu[0]:.0f} and {cpu[1]:.0f} us, switches {switched[0]:.1f} "
                         f"and {switched[1]:.1f} a request")


def cold(measured):
    """How much longer a browse takes after the processor was idle, against back to back."""
    for layout in [ONE, THREE]:
        warm = measured.get("mean_ms", "browse x1", layout, 1)
        for gap in ["10", "3.33", "1"]:
            mean = measured.get("mean_ms", f"browse every {gap} ms", layout)
            if warm is not None and mean is not None:
                yield (f"cold after idle, browse every {gap} ms, {layout}", (mean - warm) * 1000, "us",
                       f"mean {mean:.3f} ms, back to back {warm:.3f} ms")


def calls(measured):
    """CPU of a call over HTTP/JSON, both ends: three processes against one."""
    for case, count in [("browse x1", 1), ("browse x16", 1), ("heavy x1", 1), ("order x1", 2)]:
        clients = case.split("x")[1]
        one, three = (measured.get("cpu_us", case, layout, clients) for layout in [ONE, THREE])
        if one is not None and three is not None:
            yield (f"CPU of a call over HTTP/JSON, {case}", (three - one) / count, "us",
                   f"CPU {three:.0f} us in three processes, {one:.0f} us in one")


def row_waits(measured):
    """What each further client that waits for the row costs at every commit."""
    case = "UPDATE one row by key, rows 1, synchronous_commit on"
    for column, unit in [("cpu_us", "us"), ("switches", "switches")]:
        few, many = (measured.get(column, case, "server on one core", n) for n in [2, 16])
        if few is not None and many is not None:
            yield (f"PostgreSQL, waiter of a row at a commit: {column}", (many - few) / 14, unit,
                   f"one row, 2 and 16 clients: {few:.1f} and {many:.1f} a transaction")


def write(file, rows):
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="runs of the probe; medians are told")
    parser.add_argument("--measured", help="folder of the other scripts' files")
    parser.add_argument("--out", help="CSV file")
    parser.add_argument("--switches", help=argparse.SUPPRESS)
    args = parser.parse_args()
    measured = Measured(args.measured)
    when = f"measured {datetime.date.today().isoformat()}, {points.machine()}"
    rows = []
    for part in [switches(args), event_loop(measured), cold(measured), calls(measured), row_waits(measured)]:
        for mechanism, value, unit, source in part:
            rows.append({"mechanism": mechanism, "value": f"{value:.1f}", "unit": unit,
                         "source": f"{when}: {source}"})
    write(sys.stdout, rows)
    if args.out:
        with open(args.out, "w", newline="") as file:
            write(file, rows)


main()
