"""What a seller may offer: reading terms from plain values, and the bounds within which held money can wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from core.errors import Invalid
from escrow.plans import schedule
from escrow.plans.schedule import Terms
from escrow.plans.states import Kind, Late, Ships

MOST_PARTS: Final = 12
DAYS: Final = (3, 30)
GRACE: Final = (1, 14)
# Held money goes back when the provider's limit comes near (76 days): the goods must be sent, and looked at, before that.
LONGEST_BEFORE_SHIPPING: Final = 45
LONGEST_NAME: Final = 60


def read(values: Mapping[str, Any] | None) -> Terms | None:
    """Terms that were kept; None when nothing is offered."""
    if not values:
        return None
    return Terms(
        kind=str(values["kind"]),
        weights=tuple(values["weights"]),
        names=tuple(values.get("names", ())),
        days=int(values["days"]),
        ships=str(values["ships"]),
        late=str(values["late"]),
        grace_days=int(values["grace_days"]),
    )


def kept(terms: Terms | None) -> dict[str, Any]:
    """The same, to keep."""
    if terms is None:
        return {}
    return {
        "kind": terms.kind, "weights": list(terms.weights), "names": list(terms.names), "days": terms.days,
        "ships": terms.ships, "late": terms.late, "grace_days": terms.grace_days,
    }  # fmt: skip


def deposit(*, percent: int, days: int, ships: str = Ships.PAID, late: str = Late.REFUND, grace_days: int = 7) -> Terms:
    """Some of the price now, the rest after `days`."""
    if not 1 <= percent <= 90:
        raise Invalid("percent", _("A deposit is between 1 and 90 percent."))
    return _checked(Terms(kind=Kind.DEPOSIT, weights=(percent, 100 - percent), days=days, ships=ships, late=late, grace_days=grace_days))


def parts(*, count: int, ships: str = Ships.FIRST, grace_days: int = 7) -> Terms:
    """The same amount every month."""
    if not 2 <= count <= MOST_PARTS:
        raise Invalid("count", _("Choose between 2 and {most} parts."), most=MOST_PARTS)
    return _checked(Terms(kind=Kind.PARTS, weights=(1,) * count, ships=ships, grace_days=grace_days))


def milestones(*, steps: Sequence[tuple[str, int]], days: int, grace_days: int = 7) -> Terms:
    """Named steps of the work with their percentages; each is paid, handed over and confirmed by itself."""
    if not 2 <= len(steps) <= MOST_PARTS:
        raise Invalid("steps", _("Write between 2 and {most} milestones."), most=MOST_PARTS)
    names = tuple(" ".join(name.split())[:LONGEST_NAME] for name, _percent in steps)
    if not all(names) or len(set(names)) != len(names):
        raise Invalid("steps", _("Give every milestone a name of its own."))
    weights = tuple(percent for _name, percent in steps)
    if min(weights) < 1 or sum(weights) != 100:
        raise Invalid("steps", _("The percentages of the milestones must add up to 100."))
    return _checked(Terms(kind=Kind.MILESTONES, weights=weights, names=names, days=days, ships=Ships.PAID, grace_days=grace_days))


def _checked(terms: Terms) -> Terms:
    if terms.kind != Kind.PARTS and not DAYS[0] <= terms.days <= DAYS[1]:
        raise Invalid("days", _("Choose between {least} and {most} days."), least=DAYS[0], most=DAYS[1])
    if not GRACE[0] <= terms.grace_days <= GRACE[1]:
        raise Invalid("grace_days", _("Choose between {least} and {most} days."), least=GRACE[0], most=GRACE[1])
    if terms.ships not in Ships.values or terms.late not in Late.values:
        raise Invalid("ships", _("Choose one of the possibilities."))
    if terms.kind != Kind.MILESTONES and terms.ships == Ships.PAID and schedule.last_day(terms) > LONGEST_BEFORE_SHIPPING:
        most = LONGEST_BEFORE_SHIPPING
        raise Invalid("ships", _("If you send only when everything is paid, the last part must be paid within {most} days."), most=most)
    return terms
