"""A calendar of lives. A life is a generator: it acts, yields how long it waits, and goes on when that time has come.

Between two moments the market's own clockwork runs: every job that is due, and once per `PULSE` each recurring job.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.module_loading import import_string

from backend.schedule import SCHEDULE
from core import clock, crashes, jobs

Life = Generator[timedelta, None, None]
PULSE = timedelta(hours=12)
QUIET_PULSE = timedelta(hours=24)  # when nobody acts any more, only clocks run out
DAILY = ("pay_out_due_sellers", "drop_old_drafts")


class Calendar:
    """Runs lives in the order of their time. `at` is the frozen present; `clockwork` the recurring jobs, once per `pulse`."""

    def __init__(self, *, begin: datetime, clockwork: Sequence[str] | None = None, pulse: timedelta = PULSE, workers_die: bool = False) -> None:
        self.at = begin
        self.deaths = 0
        self._workers_die = workers_die
        self.pulse = pulse
        self._clockwork = recurring() if clockwork is None else clockwork
        self._waiting: list[tuple[datetime, int, Life]] = []
        self._arrivals = 0
        self._next_pulse = begin
        clock.freeze(begin)
        clock.remember(begin)

    def enter(self, life: Callable[[], Life] | Life, *, at: datetime) -> None:
        """Let a life begin at this time."""
        self._arrivals += 1
        heapq.heappush(self._waiting, (at, self._arrivals, life() if callable(life) else life))

    def run(self, *, until: datetime) -> None:
        """Live on until then, whatever is still waiting."""
        while self._waiting and self._waiting[0][0] <= until:
            moment, place, life = heapq.heappop(self._waiting)
            self._leap(moment)
            wait = next(life, None)
            self._work()
            if wait is not None:
                heapq.heappush(self._waiting, (self.at + wait, place, life))
        self._leap(until)

    def run_out(self, *, quiet: timedelta) -> None:
        """Live until nobody waits any more, and then for as long as the longest clock of the market may run."""
        while self._waiting:
            self.run(until=self._waiting[0][0])
        self._leap(self.at + quiet)

    def beat_everything(self) -> None:
        """Every recurring job of the house, once, now."""
        self._beat(recurring())

    def _leap(self, moment: datetime) -> None:
        while self._next_pulse <= moment:
            self._set(max(self._next_pulse, self.at))
            self._next_pulse += self.pulse if self._waiting else QUIET_PULSE
            self._beat(self._clockwork)
        self._set(max(moment, self.at))
        self._work()

    def _beat(self, paths: Iterable[str]) -> None:
        self._work()
        for path in paths:
            if self.pulse < QUIET_PULSE and path.rpartition(".")[2] in DAILY and self.at.hour >= 12:
                continue
            if self._workers_die:  # then they go through the queue, which tries again
                jobs.defer(path)
                continue
            job: Any = import_string(path)
            job()
        self._work()

    def _work(self) -> None:
        """Every job that is due; a worker that dies is started again."""
        while True:
            try:
                jobs.run_due()
            except crashes.Killed:
                self.deaths += 1
                jobs.revive_dead()
            else:
                return

    def _set(self, moment: datetime) -> None:
        if moment != self.at:
            clock.travel(moment - self.at)
            self.at = moment
        clock.remember(moment)  # nobody else moves it: most of the questions for the time need not be asked


def recurring() -> list[str]:
    """Every recurring job of the house, in the order of its table."""
    return [path for _cron, path in SCHEDULE]
