"""Whose the processors' time was, as the kernel tells it in /proc."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infra.local.stack import Stack

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
JOBS, LOAD, OTHERS = "jobs", "the load itself", "others on this machine"


@dataclass(frozen=True, slots=True)
class _Stat:
    """Seconds; `children_s` are those of children that have ended and were waited for."""

    pid: int
    parent: int
    session: int
    own_s: float
    children_s: float


def seconds(stack: Stack) -> dict[str, float]:
    """Since each started. The jobs are what Cloud Run has started, also those that have ended."""
    stats = list(_stats())
    taken = {
        name: sum(stat.own_s for stat in stats if stat.session == process.pid)
        for name, process in stack.processes.items()
    }
    run = stack.processes["run"].pid
    family = _descendants(run, stats)
    ended_s = sum(stat.children_s for stat in stats if stat.pid == run)
    taken[JOBS] = ended_s + sum(stat.own_s + stat.children_s for stat in family)
    taken[LOAD] = sum(os.times()[:2])
    taken[OTHERS] = _busy_s() - sum(taken.values())
    return taken


def shares(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    """Of all the time that was used in between."""
    used = {name: after[name] - before[name] for name in after}
    return {name: spent / sum(used.values()) for name, spent in used.items()}


def _descendants(pid: int, stats: list[_Stat]) -> list[_Stat]:
    children = [stat for stat in stats if stat.parent == pid]
    return children + [stat for child in children for stat in _descendants(child.pid, stats)]


def _stats() -> Iterator[_Stat]:
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        own, children = (sum(map(int, fields[at : at + 2])) / TICKS_A_SECOND for at in (11, 13))
        yield _Stat(int(folder.name), int(fields[1]), int(fields[3]), own, children)


def _busy_s() -> float:
    """Of the whole machine, since it started."""
    user, nice, system, _idle, _iowait, irq, softirq, *_ = (
        int(part) for part in Path("/proc/stat").read_text().splitlines()[0].split()[1:]
    )
    return (user + nice + system + irq + softirq) / TICKS_A_SECOND
