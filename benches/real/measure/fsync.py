"""Writes of 8 KiB, each followed by fdatasync; started by fsync.sh."""

import os
import time

import points
import processes
import table

BLOCK = bytes(8192)
BLOCKS = 2048


def run(args):
    # Like the log of a database: one after the other into a file that has its size already.
    path = f"{args.work}/log"
    log = os.open(path, os.O_RDWR | os.O_CREAT)
    for number in range(BLOCKS):
        os.pwrite(log, BLOCK, number * len(BLOCK))
    os.fsync(log)
    os.sched_setaffinity(0, {int(processes.SERVER_CORE)})
    latencies, number = [], 0
    end = time.perf_counter() + args.warmup
    measured = False
    cpu = 0
    while True:
        start = time.perf_counter()
        if start >= end:
            if measured:
                break
            measured, end, cpu = True, start + args.seconds, time.thread_time()
        os.pwrite(log, BLOCK, number % BLOCKS * len(BLOCK))
        os.fdatasync(log)
        number += 1
        if measured:
            latencies.append((time.perf_counter() - start) * 1000)
    cpu = time.thread_time() - cpu
    os.close(log)
    os.remove(path)
    os.sched_setaffinity(0, {int(processes.LOAD_CORE)})
    return [{
        "throughput_per_s": len(latencies) / args.seconds,
        **table.latencies(latencies),
        "cpu_us": cpu * 1e6 / len(latencies),
        "flushes": 1.0,
    }]


def main():
    args = points.arguments(__doc__).parse_args()
    point = {"label": "fdatasync", "case": "write of 8 KiB and fdatasync", "layout": "one process", "clients": 1,
             "source": points.source("a loop of pwrite and fdatasync on the disk of the databases", args)}
    points.measure([point], lambda _: run(args), args)


main()
