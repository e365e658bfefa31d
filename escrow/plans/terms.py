"""What a seller may offer: reading terms from plain values, and the bounds within which held money can wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext
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


def offered(values: Mapping[str, Any]) -> Terms | None:
    """Terms as a seller writes them: `kind` and what belongs to it; no kind: only at once."""
    kind = str(values.get("kind") or "")
    if not kind:
        return None
    if kind == Kind.DEPOSIT:
        return deposit(
            percent=_number(values, "percent"),
            days=_number(values, "days"),
            ships=str(values.get("ships") or Ships.PAID),
            late=str(values.get("late") or Late.REFUND),
            grace_days=_number(values, "grace_days", 7),
        )
    if kind == Kind.PARTS:
        return parts(count=_number(values, "count"), ships=str(values.get("ships") or Ships.FIRST), grace_days=_number(values, "grace_days", 7))
    if kind == Kind.MILESTONES:
        return milestones(steps=_steps(values.get("steps")), days=_number(values, "days"), grace_days=_number(values, "grace_days", 7))
    raise Invalid("kind", _("Choose one of the possibilities."))


def _number(values: Mapping[str, Any], name: str, otherwise: int | None = None) -> int:
    value = values.get(name, otherwise)
    value = otherwise if value in ("", None) else value
    try:
        number = int(str(value))
    except ValueError as wrong:
        raise Invalid(name, _("Write a whole number.")) from wrong
    return number


def _steps(values: object) -> list[tuple[str, int]]:
    if not isinstance(values, Sequence) or isinstance(values, str) or not all(isinstance(step, Mapping) for step in values):
        raise Invalid("steps", _("Send the milestones as a list of names and percentages."))
    return [(str(step.get("name") or ""), _number(step, "percent")) for step in values]


def told(terms: Terms | None) -> dict[str, Any]:
    """Kept terms as a seller would write them again."""
    if terms is None:
        return {}
    common = {"kind": str(terms.kind), "grace_days": terms.grace_days}
    if terms.kind == Kind.DEPOSIT:
        return {**common, "percent": terms.weights[0], "days": terms.days, "ships": str(terms.ships), "late": str(terms.late)}
    if terms.kind == Kind.PARTS:
        return {**common, "count": len(terms.weights), "ships": str(terms.ships)}
    steps = [{"name": name, "percent": percent} for name, percent in zip(terms.names, terms.weights, strict=True)]
    return {**common, "days": terms.days, "steps": steps}


def summary(terms: Terms) -> str:
    """What is offered, in a sentence for whoever thinks of buying."""
    if terms.kind == Kind.DEPOSIT:
        said = gettext("You may pay {percent} % now and the rest within {days} days.")
        return said.format(percent=terms.weights[0], days=terms.days)
    if terms.kind == Kind.PARTS:
        return gettext("You may pay in {count} equal parts, one each month.").format(count=len(terms.weights))
    return gettext("You may pay in {count} steps: {names}.").format(count=len(terms.weights), names=", ".join(terms.names))


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
