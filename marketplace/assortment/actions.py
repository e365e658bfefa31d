"""What can be done to many listings at once, read from plain words and written back to them. Pure of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from core.errors import Invalid
from marketplace.assortment.repricing import ENDINGS, KINDS, STEEPEST_BP, Rule
from marketplace.catalog.listings.models import LARGEST_STOCK
from marketplace.sale_formats.fixed_price.models import LARGEST_PRICE_MINOR

MOVES = ("publish", "pause", "resume", "remove")


@dataclass(frozen=True)
class Reprice:
    rule: Rule
    name = "price"


@dataclass(frozen=True)
class Restock:
    """Every variant on offer: exactly so many, or so many more (fewer)."""

    kind: Literal["set", "add"]
    quantity: int
    name = "stock"


@dataclass(frozen=True)
class Move:
    move: str
    reason: str = ""
    name = "move"


@dataclass(frozen=True)
class Recategorise:
    slug: str
    name = "category"


Action = Reprice | Restock | Move | Recategorise


def of(words: Mapping[str, Any]) -> Action:
    """The action that these words mean ({"name": "price", "kind": "percent", "value": -1000, "ending": "99"}), or Invalid."""
    name = words.get("name")
    if name == "price":
        return Reprice(_rule(words))
    if name == "stock":
        return _restock(words)
    if name == "move" and words.get("move") in MOVES:
        return Move(str(words["move"]), str(words.get("reason", ""))[:300])
    if name == "category":
        return Recategorise(str(words.get("slug", ""))[:60])
    raise Invalid("name", _("Choose what to do with the chosen listings."))


def words_of(action: Action) -> dict[str, Any]:
    given = asdict(action)
    return {"name": action.name, **(given.pop("rule", None) or {}), **given}


def _rule(words: Mapping[str, Any]) -> Rule:
    kind, value, ending = words.get("kind"), words.get("value"), words.get("ending", "exact")
    if kind not in KINDS:
        raise Invalid("kind", _("Choose how the prices change."))
    if ending not in ENDINGS:
        raise Invalid("ending", _("Choose how the new prices end."))
    if type(value) is not int or abs(value) > LARGEST_PRICE_MINOR:
        raise Invalid("value", _("Write an amount or a percentage, like 5 or 2.50."))
    if kind == "set" and value < 1:
        raise Invalid("value", _("Write a price above zero, like 12.50."))
    if kind == "percent" and not -10_000 < value <= STEEPEST_BP:
        raise Invalid("value", _("A percentage lies between −99.99 and 900."))
    if kind != "set" and value == 0:
        raise Invalid("value", _("This would change nothing. Write how much to add or take off."))
    return Rule(kind, value, ending)


def _restock(words: Mapping[str, Any]) -> Restock:
    kind, quantity = words.get("kind"), words.get("quantity")
    if kind not in ("set", "add"):
        raise Invalid("kind", _("Choose whether to set the stock or to add to it."))
    if type(quantity) is not int or abs(quantity) > LARGEST_STOCK or (kind == "set" and quantity < 0):
        raise Invalid("quantity", _("Write how many as a whole number, like 5."))
    return Restock(kind, quantity)
