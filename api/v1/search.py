"""`GET /search/`: what is for sale and fits a question, with the counts of every facet."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework.request import Request
from rest_framework.response import Response

from api import naming, serializers
from api.v1.public_listings import CardSerializer, card_body
from api.views import SoukViewSet
from core import clock
from core.money import EXPONENTS
from marketplace.catalog.categories import queries as categories
from marketplace.catalog.listings import queries as listings
from marketplace.catalog.listings.models import Condition, HandOver
from marketplace.catalog.listings.states import ListingState
from search import queries as search
from search.query import PAGE_LIMIT, PER_PAGE_LIMIT, PRICE_LIMIT, VALUES_LIMIT, WORDS_LIMIT, SearchPage, SearchQuery, Sort
from vendors.profiles import queries as profiles


def _several(child: serializers.Field[Any, Any, Any, Any], help_text: str) -> serializers.ListField:
    return serializers.ListField(child=child, required=False, default=(), max_length=VALUES_LIMIT, help_text=help_text)


class QuestionSerializer(serializers.Serializer[Any]):
    """What may be asked. Repeat a parameter to allow several values."""

    q = serializers.CharField(required=False, default="", allow_blank=True, max_length=WORDS_LIMIT, help_text="Words, in English or Chinese.")
    category = _several(serializers.SlugField(max_length=60), "Slugs; a category includes everything below it.")
    condition = _several(serializers.ChoiceField(Condition.choices), "How worn.")
    hand_over = _several(serializers.ChoiceField(HandOver.choices), "By parcel or picked up.")
    attribute = _several(serializers.RegexField(r"^[-\w]{1,40}=.{1,120}$", max_length=161), "code=value, as the facets name them.")
    shop = serializers.SlugField(required=False, default="", max_length=60, help_text="Only this shop's.")
    currency = serializers.ChoiceField(sorted(set(EXPONENTS) - {"PTS"}), required=False, default="")
    price_from = serializers.IntegerField(
        required=False, default=None, min_value=0, max_value=PRICE_LIMIT, help_text="Minor units; needs `currency`."
    )
    price_until = serializers.IntegerField(
        required=False, default=None, min_value=0, max_value=PRICE_LIMIT, help_text="Minor units; needs `currency`."
    )
    sort = serializers.ChoiceField([one.value for one in Sort], required=False, default=Sort.BEST.value)
    page = serializers.IntegerField(
        required=False,
        default=1,
        min_value=1,
        max_value=PAGE_LIMIT,
        help_text=f"By number, as order and counts belong to one question; no deeper than {PAGE_LIMIT}. Narrow the question to see what lies below.",
    )
    limit = serializers.IntegerField(required=False, default=24, min_value=1, max_value=PER_PAGE_LIMIT)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs["price_from"] is not None or attrs["price_until"] is not None) and not attrs["currency"]:
            raise serializers.ValidationError({"currency": _("Name the currency of the price.")})
        if None not in (attrs["price_from"], attrs["price_until"]) and attrs["price_from"] > attrs["price_until"]:
            raise serializers.ValidationError({"price_until": _("This must not be less than price_from.")})
        return attrs


def query_of(asked: dict[str, Any]) -> SearchQuery:
    """The question in search's own words. Invalid for a category or a shop that nobody has."""
    with naming.known("category", _("There is no such category. /api/v1/categories/ lists them.")):
        categories.require(asked["category"])
    if asked["shop"]:
        with naming.known("shop", _("There is no such shop.")):
            profiles.public(asked["shop"])
    attributes: dict[str, tuple[str, ...]] = {}
    for token in asked["attribute"]:
        code, _equals, value = token.partition("=")
        attributes[code] = (*attributes.get(code, ()), value)
    return SearchQuery(
        words=asked["q"],
        shop=asked["shop"],
        categories=tuple(asked["category"]),
        conditions=tuple(asked["condition"]),
        hand_overs=tuple(asked["hand_over"]),
        currency=asked["currency"],
        price_from=asked["price_from"],
        price_until=asked["price_until"],
        attributes=attributes,
        sort=Sort(asked["sort"]),
        page=asked["page"],
        per_page=asked["limit"],
    )


class FacetValueSerializer(serializers.Serializer[Any]):
    value = serializers.CharField()
    count = serializers.IntegerField()
    chosen = serializers.BooleanField()


class FacetSerializer(serializers.Serializer[Any]):
    """Counts per value, each facet counted without its own filter."""

    key = serializers.CharField(help_text="category, condition, hand_over, currency or attribute")
    values = FacetValueSerializer(many=True)


class PriceBarSerializer(serializers.Serializer[Any]):
    currency = serializers.CharField()
    low = serializers.IntegerField(help_text="Minor units, included.")
    high = serializers.IntegerField(allow_null=True, help_text="Minor units, not included; null: no end.")
    count = serializers.IntegerField()


@extend_schema_serializer(many=False)
class SearchAnswerSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    reduced = serializers.BooleanField(help_text="The engine is away: plain word matching, no counts.")
    results = CardSerializer(many=True)
    facets = FacetSerializer(many=True)
    prices = PriceBarSerializer(many=True)


class SearchView(SoukViewSet):
    access = "anyone"
    permission: ClassVar[str | dict[str, str]] = "Anyone. Only what is for sale is found."
    questions = {"list": QuestionSerializer}
    serializer_class = SearchAnswerSerializer
    pagination_class = None
    filter_backends = ()

    @extend_schema(operation_id="search", responses=SearchAnswerSerializer)
    def list(self, request: Request) -> Response:
        """Find listings."""
        now = clock.now()
        found = search.find(query_of(self.asked), at=now)
        cards = [card for card in listings.cards_for(found.references, at=now) if card.state == ListingState.PUBLISHED]
        return Response(answer_body(found, [card_body(card) for card in cards], request))


def answer_body(found: SearchPage, cards: list[dict[str, Any]], request: Request) -> dict[str, Any]:
    here = found.query.page
    return {
        "total": found.total,
        "page": here,
        "pages": found.pages,
        "next": _page(request, here + 1) if here < found.pages else None,
        "previous": _page(request, here - 1) if 1 < here <= found.pages + 1 else None,
        "reduced": found.reduced,
        "results": cards,
        "facets": [
            {"key": facet.key, "values": [{"value": one.value, "count": one.count, "chosen": one.chosen} for one in facet.values]}
            for facet in found.facets
        ],
        "prices": [
            {"currency": currency, "low": bar.low, "high": bar.high, "count": bar.count} for currency, bars in found.prices.items() for bar in bars
        ],
    }


def _page(request: Request, number: int) -> str:
    kept = [(name, value) for name, values in request.query_params.lists() for value in values if name != "page"]
    return f"{settings.SOUK.url}{request.path}?{urlencode([*kept, ('page', str(number))])}"
