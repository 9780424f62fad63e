"""The two cores, and what processes used of them."""

import os
import re

SERVER_CORE = os.environ.get("SERVER_CORE", "0")
LOAD_CORE = os.environ.get("LOAD_CORE", "1")
ON_LOAD_CORE = ["taskset", "-c", LOAD_CORE]


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


class Others:
    """Which part of the two cores others took, and the host: a run they disturb is worth little."""

    def __init__(self, servers):
        self.servers = servers
        self.start = self.read()

    def read(self):
        # Our own part: the servers, and this process with the load that it started. Ticks will
        # do here, and /proc/PID/stat also has those of children that have ended.
        ours = 0
        for pid in tree([*self.servers, os.getpid()]):
            try:
                with open(f"/proc/{pid}/stat") as stat:
                    ours += sum(map(int, stat.read().rpartition(")")[2].split()[11:15]))
            except (FileNotFoundError, ProcessLookupError):
                continue
        busy = stolen = everything = 0
        with open("/proc/stat") as stat:
            for cpu in stat:
                fields = cpu.split()
                if fields[0] in (f"cpu{SERVER_CORE}", f"cpu{LOAD_CORE}"):
                    user, nice, system, idle, iowait, irq, softirq, steal = map(int, fields[1:9])
                    busy += user + nice + system + irq + softirq
                    stolen += steal
                    everything += user + nice + system + idle + iowait + irq + softirq + steal
        return ours, busy, stolen, everything

    def part(self):
        """(part taken by other processes, part taken by the host) since the start."""
        ours, busy, stolen, everything = (b - a for a, b in zip(self.start, self.read()))
        return max(0, busy - ours) / everything, stolen / everything
