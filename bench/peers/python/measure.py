"""What this process has used since this module was imported."""

import json
import resource
import sys


def _cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _peak_megabytes():
    """Where there is /proc, not ru_maxrss, which begins with that of the process that started this one."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) // 1024
    except FileNotFoundError:
        unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit


_BEFORE = _cpu()


def report(**read):
    """`read`: how many items there were or, where those without a value cannot be told, values."""
    print(json.dumps({"cpu": round(_cpu() - _BEFORE, 3), "rss": _peak_megabytes(), **read}))
