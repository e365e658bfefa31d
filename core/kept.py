"""What people change by hand a few times a year, remembered by each process for a while. Never for money, stock or permission."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from functools import wraps
from typing import ParamSpec, TypeVar

Answer = TypeVar("Answer")
Asked = ParamSpec("Asked")
MOST = 2_000  # answers a function may have remembered before it starts anew
_memories: list[dict[Hashable, tuple[float, object]]] = []


def kept(seconds: float) -> Callable[[Callable[Asked, Answer]], Callable[Asked, Answer]]:
    """The function answers from memory when it was asked the same less than `seconds` ago. Answers are shared: nobody may change one."""

    def remembering(function: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
        memory: dict[Hashable, tuple[float, Answer]] = {}
        _memories.append(memory)  # type: ignore[arg-type]  # read only by `forget`

        @wraps(function)
        def ask(*args: Asked.args, **named: Asked.kwargs) -> Answer:
            key, now = (args, *sorted(named.items())), time.monotonic()
            found = memory.get(key)
            if found is None or now >= found[0]:
                if len(memory) >= MOST:
                    memory.clear()
                found = memory[key] = now + seconds, function(*args, **named)
            return found[1]

        return ask

    return remembering


def forget() -> None:
    """Everything that this process remembers: between tests, whose worlds differ."""
    for memory in _memories:
        memory.clear()
