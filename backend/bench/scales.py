"""CPU time of whole process trees, from the operating system's own accounts."""

from __future__ import annotations

from collections.abc import Iterable

import psutil


def cpu_seconds(roots: Iterable[int]) -> float:
    """User and system time that these processes and all their descendants, living or ended, have used so far."""
    return sum(_of_tree(root) for root in roots)


def _of_tree(root: int) -> float:
    try:
        top = psutil.Process(root)
        members = [top, *top.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    return sum(_of_one(member) for member in members)


def _of_one(process: psutil.Process) -> float:
    """A child that has ended is in its parent's account (where the system keeps one)."""
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system + getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0))
