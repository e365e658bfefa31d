"""What a page of results shows: cards, facets, chips, price bars, page links and what to let go of when nothing was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.catalog.categories.attributes import Attribute
from marketplace.catalog.listings import queries as listings
from marketplace.catalog.listings.models import Condition, HandOver
from marketplace.catalog.listings.states import ListingState
from search import queries as search
from search.query import Facet, FacetValue, SearchPage, SearchQuery, Sort
from storefront.shop.asking import ATTRIBUTE, Asked, address, parameters_of, plain
from storefront.shop.branches import Branches
from storefront.shop.delivery import ShownCard, with_delivery

BARS_WIDTH, BARS_HEIGHT = 240, 56
OPTIONS_LIMIT = 12


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class FacetBox:
    """One group of check boxes. `name` is the parameter that each of them sends."""

    name: str
    label: str
    options: tuple[Option, ...]
    is_open: bool


@dataclass(frozen=True)
class Chip:
    label: str
    href: str


@dataclass(frozen=True)
class Bar:
    x: int
    y: int
    width: int
    height: int
    is_inside: bool


@dataclass(frozen=True)
class PriceBox:
    currency: str
    currencies: tuple[str, ...]
    low: str
    high: str
    errors: Mapping[str, str]
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class PageLink:
    number: int | None
    href: str
    is_current: bool


@dataclass(frozen=True)
class Offer:
    """One thing let go of, and what it would find."""

    label: str
    href: str
    total: int


@dataclass(frozen=True)
class Results:
    query: SearchQuery
    total: int
    reduced: bool
    cards: tuple[ShownCard, ...]
    facets: tuple[FacetBox, ...]
    price: PriceBox
    chips: tuple[Chip, ...]
    sorts: tuple[Option, ...]
    pages: tuple[PageLink, ...]
    next_href: str
    previous_href: str
    clear_href: str
    canonical: str
    offers: tuple[Offer, ...]

    @property
    def first_href(self) -> str:
        """For whoever went past the end."""
        return address(_on_page(self.query, 1))

    @property
    def hidden_for_sort(self) -> list[tuple[str, str]]:
        """What the sort form must carry along."""
        return list(parameters_of(self.query.changed(sort=Sort.BEST)))


def of(asked: Asked, branches: Branches, attributes: Sequence[Attribute], *, home_currency: str, at: datetime) -> Results:
    """Ask, and lay out the answer."""
    found = search.find(asked.query, at=at)
    query = found.query
    cards = [card for card in listings.cards_for(found.references, at=at) if card.state == ListingState.PUBLISHED]
    words = Wording(branches, attributes)
    return Results(
        query=query,
        total=found.total,
        reduced=found.reduced,
        cards=tuple(with_delivery(cards)),
        facets=tuple(_facets(found, words)),
        price=_price_box(found, asked, home_currency),
        chips=tuple(_chips(query, words)),
        sorts=tuple(Option(sort, str(label), 0, sort is query.sort) for sort, label in sort_labels().items()),
        pages=tuple(_pages(found)),
        next_href=address(_on_page(query, query.page + 1)) if query.page < found.pages else "",
        previous_href=address(_on_page(query, query.page - 1)) if 1 < query.page <= found.pages else "",
        clear_href=address(SearchQuery(words=query.words, within=query.within, sort=query.sort)),
        canonical=address(query),
        offers=tuple(_offers(query, words, at)) if not found.total else (),
    )


def sort_labels() -> dict[Sort, str]:
    return {
        Sort.BEST: _("Best match"),
        Sort.NEWEST: _("Newest"),
        Sort.CHEAPEST: _("Lowest price"),
        Sort.DEAREST: _("Highest price"),
    }


class Wording:
    """Codes in the reader's words."""

    def __init__(self, branches: Branches, attributes: Sequence[Attribute]) -> None:
        self.branches = branches
        self.attributes = {attribute.code: attribute for attribute in attributes}
        self._language = (get_language() or "en").lower()

    def category(self, slug: str) -> str:
        node = self.branches.get(slug)
        return node.name if node else slug

    def condition(self, code: str) -> str:
        return str(Condition(code).label) if code in Condition.values else code

    def hand_over(self, code: str) -> str:
        return str(HandOver(code).label) if code in HandOver.values else code

    def attribute(self, code: str) -> str:
        return self.attributes[code].label(self._language) if code in self.attributes else code

    def answer(self, code: str, value: str) -> str:
        if value in ("yes", "no"):
            return {"yes": _("Yes"), "no": _("No")}[value]
        return self.attributes[code].shown(value, self._language) if code in self.attributes else value


def _facets(found: SearchPage, words: Wording) -> Iterator[FacetBox]:
    if found.reduced:
        return
    yield _box("category", _("Category"), _branch_values(found, words.branches), words.category, is_open=True)
    yield _box("condition", _("Condition"), _in_order(found.facet("condition"), Condition.values), words.condition, is_open=True)
    yield _box("hand_over", _("How you get it"), _in_order(found.facet("hand_over"), HandOver.values), words.hand_over, is_open=True)
    counted = found.facet("attribute").values
    for code in words.attributes:
        mark = f"{code}="
        values = [FacetValue(one.value.removeprefix(mark), one.count, one.chosen) for one in counted if one.value.startswith(mark)]
        if values:
            chosen = any(one.chosen for one in values)
            yield _box(ATTRIBUTE + code, words.attribute(code), values, _answering(words, code), is_open=chosen)


def _answering(words: Wording, code: str) -> Callable[[str], str]:
    return lambda value: words.answer(code, value)


def _box(name: str, label: str, values: Sequence[FacetValue], wording: Callable[[str], str], *, is_open: bool) -> FacetBox:
    kept = [one for place, one in enumerate(values) if one.chosen or place < OPTIONS_LIMIT]
    return FacetBox(name, label, tuple(Option(one.value, wording(one.value), one.count, one.chosen) for one in kept), is_open)


def _branch_values(found: SearchPage, branches: Branches) -> list[FacetValue]:
    """The next level down from where the visitor is, and whatever is chosen."""
    counts = {one.value: one for one in found.facet("category").values}
    shown = [node.slug for node in branches.below(found.query.within)]
    for slug in found.query.categories:
        shown += [node.slug for node in branches.below(slug)]
        shown = [slug, *shown] if slug not in shown else shown
    ordered = [counts[slug] for slug in dict.fromkeys(shown) if slug in counts]
    return sorted(ordered, key=lambda one: -one.count)


def _in_order(facet: Facet, order: Sequence[str]) -> list[FacetValue]:
    values = {one.value: one for one in facet.values}
    return [values[code] for code in order if code in values]


def _price_box(found: SearchPage, asked: Asked, home_currency: str) -> PriceBox:
    counts = {one.value: one.count for one in found.facet("currency").values if one.count}
    currency = found.query.currency or max(counts, key=lambda code: (counts[code], code), default=home_currency)
    currencies = tuple(sorted({*counts, currency}))
    return PriceBox(currency, currencies, asked.typed["min"], asked.typed["max"], asked.errors, _bars(found, currency))


def _bars(found: SearchPage, currency: str) -> tuple[Bar, ...]:
    bars = found.prices.get(currency, ())
    if len(bars) < 5:
        return ()
    highest, step = max(bar.count for bar in bars), BARS_WIDTH // len(bars)
    low, high = found.query.price_from or 0, found.query.price_until
    return tuple(
        Bar(
            x=place * step,
            y=BARS_HEIGHT - height,
            width=step - 2,
            height=height,
            is_inside=(bar.high is None or low < bar.high) and (high is None or bar.low <= high),
        )
        for place, bar in enumerate(bars)
        for height in [max(round(BARS_HEIGHT * bar.count / highest), 2) if bar.count else 0]
    )


def _chips(query: SearchQuery, words: Wording) -> Iterator[Chip]:
    """Each narrowing that is on, and the address without it."""
    for name, wording in (("categories", words.category), ("conditions", words.condition), ("hand_overs", words.hand_over)):
        for value in getattr(query, name):
            left = tuple(other for other in getattr(query, name) if other != value)
            yield Chip(wording(value), address(query.changed(**{name: left})))
    for code, values in query.attributes.items():
        for value in values:
            others = {**query.attributes, code: tuple(other for other in values if other != value)}
            yield Chip(f"{words.attribute(code)}: {words.answer(code, value)}", address(query.changed(attributes=others)))
    if query.has_price:
        yield Chip(price_words(query), address(query.changed(price_from=None, price_until=None, currency="")))


def price_words(query: SearchQuery) -> str:
    low, high = (plain(price, query.currency) if price is not None else "" for price in (query.price_from, query.price_until))
    sentence = _("{low} to {high} {currency}") if low and high else _("From {low} {currency}") if low else _("Up to {high} {currency}")
    return sentence.format(low=low, high=high, currency=query.currency)


def _pages(found: SearchPage) -> Iterator[PageLink]:
    """First, last, and two around the present one; a gap has no number."""
    last, here = found.pages, found.query.page
    if last < 2:
        return
    shown = sorted({1, last, *range(max(1, here - 2), min(last, here + 2) + 1)})
    before = 0
    for number in shown:
        if number > before + 1:
            yield PageLink(None, "", False)
        yield PageLink(number, address(_on_page(found.query, number)), number == here)
        before = number


def _on_page(query: SearchQuery, number: int) -> SearchQuery:
    return query.changed(page=number)


def _offers(query: SearchQuery, words: Wording, at: datetime) -> Iterator[Offer]:
    labels: dict[str, Callable[[str], str]] = {
        "price": lambda _value: _("Any price"),
        "attribute": lambda code: _("Any {attribute}").format(attribute=words.attribute(code).lower()),
        "categories": lambda _value: _("All categories here"),
        "conditions": lambda _value: _("Any condition"),
        "hand_overs": lambda _value: _("By parcel or picked up"),
        "within": lambda _value: _("Everywhere on Souk"),
        "filters": lambda _value: _("No filters at all"),
        "all but": lambda word: _("Only “{word}”").format(word=word),
        "word": lambda word: _("Without “{word}”").format(word=word),
    }
    for offer in search.relaxations(query, at=at):
        yield Offer(labels[offer.dropped](offer.value), address(offer.query), offer.total)
