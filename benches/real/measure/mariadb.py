"""One-row updates against MariaDB with sysbench; started by mariadb.sh."""

import re
import subprocess
import time

import points
import processes


DEFAULTS = {"innodb_deadlock_detect": "ON", "innodb_sync_spin_loops": "30"}


def all_points():
    for rows in [100_000, 1]:
        for clients in [1, 2, 4, 8, 16]:
            yield point(rows, clients, {})
    # Where the CPU of an update of a hot row goes: the same without the search for deadlocks, and without spinning.
    for setting in [{"innodb_deadlock_detect": "OFF"}, {"innodb_sync_spin_loops": "0"}]:
        for clients in [8, 16]:
            yield point(1, clients, setting)


def point(rows, clients, settings):
    case = ", ".join([f"UPDATE one row by key, rows {rows}", *(f"{name} {value}" for name, value in settings.items())])
    return {"label": f"{case}, clients {clients}", "case": case, "layout": "server on one core",
            "clients": clients, "rows": rows, "settings": {**DEFAULTS, **settings}}


def query(args, sql):
    return subprocess.run(["mariadb", "--no-defaults", f"--socket={args.socket}", "-u", "root", "-BNe", sql],
                          check=True, capture_output=True, text=True).stdout


def counters(args):
    """(transactions, flushes) until now."""
    values = dict(row.split("\t") for row in query(
        args, "SHOW GLOBAL STATUS WHERE Variable_name IN "
              "('Com_update', 'Innodb_os_log_fsyncs', 'Innodb_data_fsyncs')").splitlines())
    # MariaDB 10.8 and later tell the flushes of the log among all others, which are few.
    flushes = values.get("Innodb_os_log_fsyncs", values["Innodb_data_fsyncs"])
    return int(values["Com_update"]), int(flushes)


def sysbench(args, rows, *more):
    return ["sysbench", "oltp_update_non_index", "--db-driver=mysql", f"--mysql-socket={args.socket}",
            "--mysql-user=root", f"--mysql-db=rows{rows}", "--tables=1", f"--table-size={rows}",
            "--rand-type=uniform", *more]


def from_histogram(text):
    """Percentiles out of sysbench's histogram, whose steps are about 2 % wide."""
    bins = [(float(ms), int(count)) for ms, count in re.findall(r"^\s*([\d.]+) \|\**\s+(\d+)$", text, re.M)]
    total, seen, found = sum(count for _, count in bins), 0, {}
    for ms, count in bins:
        seen += count
        for name, part in [("p50_ms", 0.5), ("p90_ms", 0.9), ("p99_ms", 0.99)]:
            if seen >= part * total:
                found.setdefault(name, ms)
    average = re.search(r"avg:\s+([\d.]+)", text)
    return {**found, "mean_ms": float(average.group(1))}


def run(point, args):
    # A second more than is measured, so that all clients are still there at the end of it.
    total = int(args.warmup + args.seconds + 1)
    for name, value in point["settings"].items():
        query(args, f"SET GLOBAL {name} = {value}")
    bench = subprocess.Popen(
        [*processes.ON_LOAD_CORE, *sysbench(
            args, point["rows"], f"--threads={point['clients']}", f"--time={total}", "--events=0", "--histogram",
            "run")],
        stdout=subprocess.PIPE, text=True)
    try:
        time.sleep(args.warmup)
        start, (done_start, flushes_start) = time.time(), counters(args)
        cpu_start, switches_start = processes.usage(args.server)
        time.sleep(args.seconds)
        end, (done_end, flushes_end) = time.time(), counters(args)
        cpu_end, switches_end = processes.usage(args.server)
        text = bench.communicate()[0]
        if bench.returncode != 0:
            raise SystemExit(text)
    finally:
        bench.kill()
    done = done_end - done_start
    return [{
        "throughput_per_s": done / (end - start),
        # The latencies are those of the whole run; sysbench tells no others.
        **from_histogram(text),
        "cpu_us": (cpu_end - cpu_start) / done,
        "switches": (switches_end - switches_start) / done,
        "flushes": (flushes_end - flushes_start) / done,
    }]


def main():
    parser = points.arguments(__doc__)
    parser.add_argument("--socket", help="set by mariadb.sh")
    args = parser.parse_args()
    for rows in [1, 100_000]:
        query(args, f"CREATE DATABASE rows{rows}")
        subprocess.run(sysbench(args, rows, "prepare"), check=True, capture_output=True)
    version = query(args, "SELECT version()").strip()
    source = points.source(
        f"MariaDB {version}, defaults (flush at commit), on one core, sysbench oltp_update_non_index over a Unix "
        "socket on another, autocommit", args)
    points.measure([{**point, "source": source} for point in all_points()], lambda point: run(point, args), args)


main()
