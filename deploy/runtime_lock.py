"""Prints the part of requirements.lock that a server needs, hashes and all: `python deploy/runtime_lock.py < requirements.lock`.

The lock holds the tools of development too; what only they need is left out. Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import re
import sys

OURS = "souk (pyproject.toml)"
HEAD = re.compile(r"^([a-z0-9][a-z0-9._-]*)==", re.M)


def blocks(lock: str) -> dict[str, str]:
    """The lines of each package, by its name."""
    starts = [*HEAD.finditer(lock)]
    ends = [start.start() for start in starts[1:]] + [len(lock)]
    return {start[1]: lock[start.start() : end] for start, end in zip(starts, ends, strict=True)}


def wanted_by(block: str) -> set[str]:
    """Who asked for it, by the comment that uv writes: one line, or a list below `# via`."""
    _pins, _via, comment = block.partition("# via")
    return {line.strip(" #") for line in comment.splitlines() if line.strip(" #")}


def runtime(lock: str) -> dict[str, str]:
    """The blocks that can be reached from Souk itself."""
    found = blocks(lock)
    askers = {name: wanted_by(block) for name, block in found.items()}
    needed = {name for name, asked in askers.items() if OURS in asked}
    while more := {name for name, asked in askers.items() if name not in needed and asked & needed}:
        needed |= more
    return {name: block for name, block in found.items() if name in needed}


if __name__ == "__main__":
    sys.stdout.writelines(runtime(sys.stdin.read()).values())
