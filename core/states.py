"""Flows as tables: who may move what from where to where, what waits for whom, and what silence does.

A room's `states.py` states its `TextChoices` and one `FLOW`; `check` proves that each table is whole, and the architecture
tests run it on every flow of the house.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.errors import Kind, Refusal

PARTIES = frozenset({"buyer", "seller", "staff", "system", "provider", "carrier", "owner", "user"})


class MoveNotAllowed(Refusal):
    """The object is not in a state from which this move leads anywhere, or it is not this party's move."""

    code = "move_not_allowed"
    kind = Kind.CONFLICT
    sentence = _("This is no longer possible: the state has changed to “{state}”.")


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed move. `money` names its effect on the ledger in a word or two; `timer` the deadline that makes it."""

    name: str
    source: str | tuple[str, ...]
    target: str
    by: tuple[str, ...]
    timer: str = ""
    money: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """The states from which the move may start."""
        return (self.source,) if isinstance(self.source, str) else tuple(self.source)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Whom a state waits for, until when (a timer's name), and the move that silence makes ('' = nothing: an owner must act)."""

    owner: str
    timer: str = ""
    silence: str = ""


@dataclass(frozen=True)
class Flow:
    """A flow table. `holds_money` lists the states in which money waits, so that `check` can prove that it always leaves."""

    name: str
    states: type[TextChoices]
    initial: str
    moves: Sequence[Move]
    waiting: Mapping[str, Waiting]
    final: frozenset[str]
    holds_money: frozenset[str] = field(default_factory=frozenset)

    def target(self, current: str, move: str, *, by: str | None = None) -> str:
        """The state after `move`; raises MoveNotAllowed when the table has no such move from here (by this party)."""
        for candidate in self.moves:
            if candidate.name == move and current in candidate.sources and (by is None or by in candidate.by):
                return str(candidate.target)
        raise MoveNotAllowed(state=self.states(current).label, move=move)

    def allows(self, current: str, move: str, *, by: str | None = None) -> bool:
        """Whether `target` would answer."""
        return any(m.name == move and current in m.sources and (by is None or by in m.by) for m in self.moves)

    def sources_of(self, move: str) -> tuple[str, ...]:
        """Every state from which a move of this name starts."""
        return tuple(state for m in self.moves if m.name == move for state in m.sources)


def check(flow: Flow) -> list[str]:
    """Every defect of the table as a sentence; an empty list is the proof.

    Each state is known and reachable, each reaches an end, each one that is not final waits for an owner or a timer whose silent
    move exists, and from each state that holds money every path leads to a state that holds none.
    """
    known = {str(value) for value in flow.states.values}
    edges = [(str(s), str(m.target), m) for m in flow.moves for s in m.sources]
    return [*_unknown(flow, known, edges), *_unreachable(flow, known, edges), *_endless(flow, known, edges), *_silent(flow, known, edges)]


def _unknown(flow: Flow, known: set[str], edges: Iterable[tuple[str, str, Move]]) -> list[str]:
    named = {str(flow.initial), *map(str, flow.final), *map(str, flow.waiting), *map(str, flow.holds_money)}
    named |= {state for source, target, _move in edges for state in (source, target)}
    wrong = [f"{flow.name}: unknown state {state!r}" for state in sorted(named - known)]
    strangers = {party for move in flow.moves for party in move.by} - PARTIES
    wrong += [f"{flow.name}: unknown party {party!r}" for party in sorted(strangers)]
    return wrong + [f"{flow.name}: nobody may make the move {move.name!r}" for move in flow.moves if not move.by]


def _closure(start: set[str], edges: Iterable[tuple[str, str]]) -> set[str]:
    pairs, seen, before = list(edges), set(start), set[str]()
    while seen != before:
        before = set(seen)
        seen |= {target for source, target in pairs if source in seen}
    return seen


def _unreachable(flow: Flow, known: set[str], edges: Iterable[tuple[str, str, Move]]) -> list[str]:
    reached = _closure({str(flow.initial)}, [(source, target) for source, target, _move in edges])
    return [f"{flow.name}: {state!r} cannot be reached" for state in sorted(known - reached)]


def _endless(flow: Flow, known: set[str], edges: Sequence[tuple[str, str, Move]]) -> list[str]:
    final = {str(state) for state in flow.final}
    problems = [f"{flow.name}: final state {source!r} has a way out" for source, _target, _move in edges if source in final]
    problems += [f"{flow.name}: final state {state!r} still holds money" for state in sorted(final & {str(s) for s in flow.holds_money})]
    home = _closure(final, [(target, source) for source, target, _move in edges])
    return problems + [f"{flow.name}: {state!r} never ends" for state in sorted(known - home)]


def _silent(flow: Flow, known: set[str], edges: Sequence[tuple[str, str, Move]]) -> list[str]:
    problems = []
    for state in sorted(known - {str(s) for s in flow.final}):
        waiting = flow.waiting.get(state)
        if waiting is None:
            problems.append(f"{flow.name}: {state!r} waits for nobody")
        elif waiting.silence and not any(source == state and m.name == waiting.silence for source, _t, m in edges):
            problems.append(f"{flow.name}: silence in {state!r} makes the unknown move {waiting.silence!r}")
        elif waiting.timer and not waiting.silence:
            problems.append(f"{flow.name}: the timer of {state!r} decides nothing")
        elif state in {str(s) for s in flow.holds_money} and not waiting.timer:
            problems.append(f"{flow.name}: money could wait in {state!r} for ever")
    return problems
