"""GET and SET against Redis with redis-benchmark; started by redis.sh."""

import csv
import subprocess

import points
import processes


def all_points():
    for command in ["GET", "SET"]:
        for clients in [1, 4, 16]:
            yield {"label": f"{command}, clients {clients}", "case": command, "layout": "server on one core",
                   "clients": clients}


def bench(args, point, requests):
    command = [*processes.ON_LOAD_CORE, "redis-benchmark", "-h", "127.0.0.1", "-p", str(args.port), "-c",
               str(point["clients"]), "-n", str(requests), "-t", point["case"].lower(), "--csv"]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return next(csv.DictReader(output.splitlines()))


def run(point, args):
    # redis-benchmark counts requests, not seconds: a short run tells how many make the time.
    # Its clients are equal from the first request to the last, so there is no warm-up after it.
    rate = float(bench(args, point, 10_000)["rps"])
    requests = int(rate * args.seconds)
    cpu_start, switches_start = processes.usage(args.server)
    result = bench(args, point, requests)
    cpu_end, switches_end = processes.usage(args.server)
    return [{
        "throughput_per_s": float(result["rps"]),
        # It tells no 90th percentile.
        "mean_ms": float(result["avg_latency_ms"]), "p50_ms": float(result["p50_latency_ms"]),
        "p99_ms": float(result["p99_latency_ms"]),
        "cpu_us": (cpu_end - cpu_start) / requests,
        "switches": (switches_end - switches_start) / requests,
    }]


def main():
    parser = points.arguments(__doc__)
    parser.add_argument("--port", type=int, help="set by redis.sh")
    args = parser.parse_args()
    version = subprocess.run(["redis-cli", "-p", str(args.port), "info", "server"], check=True,
                             capture_output=True, text=True).stdout
    version = version.split("redis_version:")[1].split()[0]
    source = points.source(
        f"Redis {version} on one core, in memory only, redis-benchmark over loopback on another", args)
    points.measure([{**point, "source": source} for point in all_points()], lambda point: run(point, args), args)


main()
