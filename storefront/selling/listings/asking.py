"""What the address of the list says: filters, order, and which listings are chosen."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict

from marketplace.assortment import queries
from marketplace.assortment.queries import SORTS, Filter
from marketplace.catalog.listings.models import Listing
from marketplace.catalog.listings.states import ListingState
from vendors.models import Vendor

WHICH = ("ticked", "page", "matching")
MOST_TICKED = 200


@dataclass(frozen=True)
class Asked:
    """A filter and an order, as links and hidden fields repeat them."""

    filter: Filter
    sort: str

    def pairs(self) -> list[tuple[str, str]]:
        wanted = self.filter
        every = [("state", wanted.state), ("category", wanted.category), ("low", "1" if wanted.low else ""), ("q", wanted.words), ("sort", self.sort)]
        return [(name, value) for name, value in every if value and (name, value) != ("sort", "changed")]

    def found(self, vendor: Vendor) -> QuerySet[Listing]:
        return queries.find(vendor, self.filter)


def asked_in(data: QueryDict) -> Asked:
    """Nonsense in an address asks for nothing."""
    state, sort = data.get("state", ""), data.get("sort", "changed")
    return Asked(
        Filter(
            state=state if state in ListingState.values and state != ListingState.REMOVED else "",
            category=data.get("category", "")[:60],
            low=data.get("low") == "1",
            words=" ".join(data.get("q", "").replace("\x00", "").split())[: queries.LONGEST_WORDS],
        ),
        sort if sort in SORTS else "changed",
    )


def chosen_in(data: QueryDict, vendor: Vendor) -> QuerySet[Listing]:
    """The listings that the seller means: those ticked, those on the page, or all that match."""
    which = data.get("which", "ticked")
    if which == "matching":
        return asked_in(data).found(vendor).order_by(*_order(data))
    references = data.getlist("pick") if which != "page" else data.get("here", "").split(",")
    wanted = [reference.upper()[:12] for reference in references if reference and "\x00" not in reference][:MOST_TICKED]
    return queries.find(vendor, Filter()).filter(reference__in=wanted).order_by("-changed_at", "-pk")


def _order(data: QueryDict) -> tuple[str, ...]:
    """Only orders that need no figures: the choice is the same in any of them."""
    return ("title", "pk") if data.get("sort") == "title" else ("-changed_at", "-pk")
