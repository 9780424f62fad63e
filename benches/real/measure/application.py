"""The shop in one process and in three, under closed and open load; started by application.sh."""

import csv
import statistics
import subprocess

import points
import processes
import table

NAMES = [
    "layout", "case", "clients", "rate_per_s", "throughput_per_s", "mean_ms", "p50_ms", "p90_ms", "p99_ms",
    "errors", "cpu_us", "switches",
]
MIX = "mix x32"


def all_points():
    for layout in ["one process", "three processes"]:
        def point(case, kind, layout=layout, **more):
            return {"label": f"{layout}: {case}", "case": case, "layout": layout, "kind": kind, "rows": 10_000, **more}

        for clients in [1, 16]:
            yield point(f"ping x{clients}", "ping", clients=clients, rows="")
        for clients in [1, 16]:
            yield point(f"heavy x{clients}", "heavy", clients=clients, rows="")
        for clients in [1, 4, 16, 64]:
            yield point(f"browse x{clients}", "browse", clients=clients, rows="")
        yield point("order x1", "order", clients=1)
        for rows in [10_000, 4, 1]:
            yield point(f"order x8 rows {rows}", "order", clients=8, rows=rows)
        yield point(MIX, "mix", clients=32)
        for part in [0.4, 0.6, 0.8, 0.9]:
            yield point(f"mix open {part}", "mix", part=part)
        # Arrivals one at a time, with the processor idle between them.
        for rate in [100, 300, 1000]:
            yield point(f"browse every {1000 / rate:.3g} ms", "browse", rate_per_s=rate, rows="")


class Application:
    def __init__(self, args):
        self.args = args
        self.pids = {"one process": args.one, "three processes": args.three}
        self.ports = {"one process": args.port, "three processes": args.port + 1}
        self.mixes = {}
        self.rates = {}
        self.seed = 0

    def rate(self, layout, part):
        """A part of what the closed mix reached; the same in all rounds."""
        if layout not in self.rates:
            reached = self.mixes.get(layout, [])
            if not reached:
                reached = [float(row["throughput_per_s"]) for row in table.read(self.args.out)
                           if row["layout"] == layout and row["case"] == MIX]
            if not reached:
                raise SystemExit(f"measure {MIX!r} first: the open loop gets parts of its throughput")
            self.rates[layout] = statistics.median(reached)
        return round(part * self.rates[layout])

    def run(self, point):
        args, layout = self.args, point["layout"]
        # Dead versions of rows would make later points slower.
        subprocess.run(["psql", "-qc", "VACUUM stock"], check=True)
        self.seed += 1
        command = [
            *processes.ON_LOAD_CORE, args.drive, "--to", f"127.0.0.1:{self.ports[layout]}", "--case", point["kind"],
            "--rows", str(point["rows"] or 1), "--seconds", str(args.seconds), "--warmup", str(args.warmup),
            "--pids", f"{self.pids[layout]},{args.server[0]}", "--layout", layout, "--seed", str(self.seed),
        ]
        if "clients" in point:
            command += ["--clients", str(point["clients"])]
        elif "part" in point:
            command += ["--rate", str(self.rate(layout, point["part"]))]
        else:
            command += ["--rate", str(point["rate_per_s"]), "--gaps", "constant"]
        output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        rows = []
        for row in csv.DictReader(output.splitlines(), NAMES):
            for name in table.DECIMALS:
                if row.get(name):
                    row[name] = float(row[name])
            # "mix: browse" of the mix of 32 clients is "mix x32: browse".
            row["case"] = row["case"].replace(point["kind"], point["case"], 1)
            rows.append(row)
        if point["case"] == MIX:
            self.mixes.setdefault(layout, []).append(rows[0]["throughput_per_s"])
        return rows


def main():
    parser = points.arguments(__doc__)
    for name in ["--drive", "--one", "--three"]:
        parser.add_argument(name, help="set by application.sh")
    parser.add_argument("--port", type=int, help="set by application.sh")
    args = parser.parse_args()
    version = subprocess.run(["psql", "-qAtc", "SHOW server_version"], check=True, capture_output=True,
                             text=True).stdout.strip()
    source = points.source(
        f"Rust web application (axum, one thread a process, tokio-postgres, pool of 16) and PostgreSQL {version} "
        "on one core, load on another", args)
    # The servers of both layouts count as ours, whichever is driven.
    args.server += [int(pid) for pid in f"{args.one},{args.three}".split(",")]
    application = Application(args)
    points.measure([{**point, "source": source} for point in all_points()], application.run, args)


main()
