"""One-row statements against PostgreSQL with pgbench; started by postgres.sh."""

import glob
import os
import subprocess
import time

import points
import processes
import table

SELECT = "SELECT abalance FROM pgbench_accounts WHERE aid = :id;"
UPDATE = "UPDATE pgbench_accounts SET abalance = abalance + 1 WHERE aid = :id;"


def query(sql):
    return subprocess.run(["psql", "-qAtc", sql], check=True, capture_output=True, text=True).stdout.strip()


def flushes():
    """Flushes of the log until now."""
    if int(query("SHOW server_version_num")) >= 180000:
        return int(query("SELECT sum(fsyncs) FROM pg_stat_io WHERE object = 'wal'"))
    return int(query("SELECT wal_sync FROM pg_stat_wal"))


def all_points():
    # Most wanted first; `commit off` answers before the log is flushed.
    for statement, commit, row_counts in [
        ("UPDATE", "on", [1, 4, 100_000]), ("UPDATE", "off", [1, 4, 100_000]), ("SELECT", "", [100_000]),
    ]:
        for rows in row_counts:
            for clients in [1, 2, 4, 8, 16]:
                case = f"{statement} one row by key, rows {rows}"
                if commit:
                    case += f", synchronous_commit {commit}"
                yield {
                    "label": f"{case}, clients {clients}", "case": case, "layout": "server on one core",
                    "clients": clients, "rows": rows, "statement": statement, "commit": commit,
                }
    # Who leads a flush waits for others, if so many have written.
    for delay, siblings, clients in [(1000, 5, 8), (300, 5, 8), (1000, 5, 4), (1000, 3, 4), (1000, 5, 16)]:
        case = f"UPDATE one row by key, rows 100000, commit_delay {delay} us, commit_siblings {siblings}"
        yield {
            "label": f"{case}, clients {clients}", "case": case, "layout": "server on one core", "clients": clients,
            "rows": 100_000, "statement": "UPDATE", "commit": "on",
            "options": f" -c commit_delay={delay} -c commit_siblings={siblings}",
        }


def logged(folder):
    """(moment of the end in seconds, latency in ms) of every transaction, from pgbench's log."""
    for path in glob.glob(f"{folder}/log.*"):
        with open(path) as log:
            for entry in log:
                fields = entry.split()
                yield int(fields[4]) + int(fields[5]) / 1e6, int(fields[2]) / 1000
        os.remove(path)


def run(point, args, logs):
    script = f"{args.work}/{point['statement']}.sql"
    with open(script, "w") as out:
        out.write("\\set id random(1, :rows)\n")
        out.write((SELECT if point["statement"] == "SELECT" else UPDATE) + "\n")
    query("VACUUM pgbench_accounts")
    before = flushes()
    # A second more than is measured, so that all clients are still there at the end of it.
    total = int(args.warmup + args.seconds + 1)
    bench = subprocess.Popen(
        [*processes.ON_LOAD_CORE, "pgbench", "-n", "-M", "prepared", "-j", "1", "-c", str(point["clients"]),
         "-T", str(total), "-D", f"rows={point['rows']}", "-f", script, "-l", "--log-prefix", f"{logs}/log"],
        env={**os.environ, "PGOPTIONS": f"-c synchronous_commit={point['commit'] or 'on'}{point.get('options', '')}"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(args.warmup)
        start, (cpu_start, switches_start) = time.time(), processes.usage(args.server)
        time.sleep(args.seconds)
        end, (cpu_end, switches_end) = time.time(), processes.usage(args.server)
        if bench.wait() != 0:
            raise SystemExit("pgbench failed")
    finally:
        bench.kill()
    entries = list(logged(logs))
    inside = [ms for moment, ms in entries if start <= moment < end]
    return [{
        "throughput_per_s": len(inside) / (end - start),
        **table.latencies(inside),
        "cpu_us": (cpu_end - cpu_start) / len(inside),
        "switches": (switches_end - switches_start) / len(inside),
        # A backend tells its flushes when it ends, so they are counted over the whole run.
        "flushes": (flushes() - before) / len(entries) if point["statement"] == "UPDATE" else "",
    }]


def main():
    args = points.arguments(__doc__).parse_args()
    # pgbench's log goes to memory if it can: the disk is what is measured.
    logs = args.work if not os.path.isdir("/dev/shm") else f"/dev/shm/{os.path.basename(args.work)}"
    os.makedirs(logs, exist_ok=True)
    try:
        subprocess.run(["pgbench", "-i", "-s", "1", "-F", "50", "-q"], check=True, capture_output=True)
        query("CHECKPOINT")
        # The first change of a page after a checkpoint writes all of it to the log: once, here.
        query("UPDATE pgbench_accounts SET abalance = 1")
        source = points.source(
            f"PostgreSQL {query('SHOW server_version')} on one core, pgbench -M prepared over a Unix socket on "
            "another, autocommit, fsync on, autovacuum off, fillfactor 50", args)
        wanted = [{**point, "source": source} for point in all_points()]
        points.measure(wanted, lambda point: run(point, args, logs), args)
    finally:
        if logs != args.work:
            for path in glob.glob(f"{logs}/*"):
                os.remove(path)
            os.rmdir(logs)


main()
