"""The points of a measurement: how long, how often, and which of their runs count."""

import argparse
import datetime
import math
import os
import re
import signal
import sys
import time

import processes
import table


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--seconds", type=float, default=5, help="measured time of a point")
    parser.add_argument("--warmup", type=float, default=1, help="time before it that is not counted")
    parser.add_argument("--rounds", type=int, default=3, help="undisturbed runs that each point gets")
    parser.add_argument("--only", default="", help="regular expression: only the points whose label has it")
    parser.add_argument("--out", help="CSV file; rows of the same points are replaced")
    parser.add_argument("--runs", help="CSV file that keeps every run; earlier runs in it count too, so that "
                                       "a long measurement can be done in pieces")
    parser.add_argument("--limit", type=float, default=math.inf, help="start no point after so many seconds")
    parser.add_argument("--work", default="", help=argparse.SUPPRESS)
    parser.add_argument("--server", type=int, action="append", default=[], help=argparse.SUPPRESS)
    # As an end in order: what a measurement has started it ends, and there is no trace to read.
    for number in [signal.SIGINT, signal.SIGTERM]:
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    # The load and whoever watches it stay off the servers' core.
    os.sched_setaffinity(0, {int(processes.LOAD_CORE)})
    return parser


def machine():
    with open("/proc/cpuinfo") as cpuinfo:
        virtual = "hypervisor" in cpuinfo.read()
    cores = os.cpu_count()
    words = {2: "two", 4: "four", 8: "eight"}
    return f"{'virtual machine' if virtual else 'machine'} of {words.get(cores, cores)} cores"


def source(what, args):
    today = datetime.date.today().isoformat()
    return f"measured {today}: {what}; {machine()}; points of {args.seconds:g} s"


def wait_for_quiet(servers, patience=20):
    """Waits until nothing else runs on the two cores; after a while it goes on anyway."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        others = processes.Others(servers)
        time.sleep(0.3)
        if others.part()[0] <= 2 * table.MOST_OTHERS:
            return


def measure(points, run, args):
    """Runs every point once a round, and tells the medians.

    `points` are rows with a label; `run(point)` returns the measured rows, mostly one. The
    rounds are interleaved, so that a slow minute of the machine falls on all points alike. A
    run that others disturbed does not count; there are twice as many rounds at most.
    """
    points = [p for p in points if re.search(args.only, p["label"])]
    if not points:
        sys.exit(f"no point matches {args.only!r}")
    end = time.monotonic() + args.limit
    runs = {}
    for earlier in table.read(args.runs):
        runs.setdefault(table.key(earlier), []).append(earlier)
    wanted = set()
    for _ in range(2 * args.rounds):
        for point in points:
            good = [r for r in runs.get(table.key(point), []) if table.undisturbed(r)]
            if len(good) >= args.rounds or time.monotonic() > end:
                wanted.add(table.key(point))
                continue
            wait_for_quiet(args.server)
            others = processes.Others(args.server)
            rows = [{**point, **row} for row in run(point)]
            taken, stolen = others.part()
            for row in rows:
                row.update(others=taken, host=stolen)
                runs.setdefault(table.key(row), []).append(row)
                wanted.add(table.key(row))
            disturbed = "" if table.undisturbed(rows[0]) else (
                f"; does not count: of both cores others took {taken:.0%}, the host {stolen:.0%}")
            print(f"{point['label']}: {rows[0]['throughput_per_s']:.0f}/s{disturbed}", file=sys.stderr)
            if args.runs:
                columns = [*table.COLUMNS[:-1], "others", "host"]
                table.save(args.runs, columns, [r for all_runs in runs.values() for r in all_runs])
    rows = [table.medians(all_runs) for name, all_runs in runs.items() if name in wanted]
    table.write(sys.stdout, table.COLUMNS, rows)
    if args.out:
        # A row of the same point is replaced in its place.
        file = {table.key(row): row for row in table.read(args.out)}
        file.update((table.key(row), row) for row in rows)
        table.save(args.out, table.COLUMNS, file.values())
