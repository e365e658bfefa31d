"""`GET /listings/`: everything for sale, the newest first; `GET /listings/<reference>/`: one of them as everybody may see it.

Search answers with the best few; this list goes on to the last, at the same cost a page, and tells what the database says at this moment:
for machines that mirror the market or a shop.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import naming, serializers
from api.pagination import CursorPages
from api.views import SoukViewSet
from core import clock
from core.money import Money
from marketplace.catalog.listings import cards as wall
from marketplace.catalog.listings import queries as listings
from marketplace.catalog.listings.cards import ListingCard
from marketplace.catalog.listings.queries import ListingDetail, VariantShown
from marketplace.catalog.pictures import Picture
from vendors.profiles import queries as profiles


class PriceSerializer(serializers.Serializer[Any]):
    """An amount in minor units of its currency, tax included."""

    amount_minor = serializers.IntegerField()
    currency = serializers.CharField()


class PictureSerializer(serializers.Serializer[Any]):
    alt = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    small = serializers.URLField()
    large = serializers.URLField()


class CardSerializer(serializers.Serializer[Any]):
    reference = serializers.CharField()
    title = serializers.CharField()
    language = serializers.CharField(help_text="The language that the seller wrote in.")
    url = serializers.URLField()
    price = PriceSerializer(allow_null=True, help_text="The lowest price asked now.")
    price_before = PriceSerializer(allow_null=True, help_text="The lowest price of the 30 days before a reduction.")
    price_varies = serializers.BooleanField()
    min_quantity = serializers.IntegerField()
    condition = serializers.CharField()
    category = serializers.CharField()
    place = serializers.CharField()
    hand_overs = serializers.ListField(child=serializers.CharField())
    state = serializers.CharField()
    shop = serializers.CharField(help_text="The shop's slug.")
    shop_name = serializers.CharField()
    shop_kind = serializers.CharField()
    picture = PictureSerializer(allow_null=True)


class QuantityPriceSerializer(serializers.Serializer[Any]):
    min_quantity = serializers.IntegerField()
    unit = PriceSerializer()


class VariantSerializer(serializers.Serializer[Any]):
    reference = serializers.CharField(help_text="What the basket takes.")
    label = serializers.CharField()
    options = serializers.DictField(child=serializers.CharField())
    available = serializers.IntegerField()
    price = PriceSerializer(allow_null=True)
    min_quantity = serializers.IntegerField()
    quantity_prices = QuantityPriceSerializer(many=True)


class FactSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()
    value = serializers.CharField()


class ListingSerializer(CardSerializer):
    description = serializers.CharField()
    facts = FactSerializer(many=True)
    pictures = PictureSerializer(many=True)
    variants = VariantSerializer(many=True)
    handling_days = serializers.IntegerField(help_text="The seller ships within this many business days.")
    inspection_days = serializers.IntegerField(help_text="After delivery the money stays held this long, unless the buyer confirms earlier.")
    returns_days = serializers.IntegerField(help_text="Change-of-mind returns; 0 for none.")
    returns_paid_by = serializers.CharField()
    version = serializers.IntegerField()


class ForSaleQuestion(serializers.Serializer[Any]):
    """Of everybody, or of one shop."""

    shop = serializers.SlugField(required=False, default="", max_length=60, help_text="Only this shop's.")


class PublicListingView(SoukViewSet):
    access = "anyone"
    permission: ClassVar[str | dict[str, str]] = "Anyone, while it is for sale or sold out."
    serializer_class = ListingSerializer
    filter_backends = ()
    cursor_ordering = wall.ORDER
    questions = {"list": ForSaleQuestion}

    @extend_schema(operation_id="listings", responses=CardSerializer(many=True))
    def list(self, request: Request) -> Response:
        """Everything for sale, the newest first."""
        if shop := self.asked["shop"]:
            with naming.known("shop", _("There is no such shop.")):
                profiles.public(shop)
        pages = CursorPages()
        pages.begin(request, self)
        found = wall.newest(shop=shop, beyond=pages.place, backwards=pages.backwards, limit=pages.limit + 1, at=clock.now())
        page = pages.shown(found)
        return pages.get_paginated_response([card_body(one.card) for one in page])

    @extend_schema(operation_id="listing", responses=ListingSerializer)
    def retrieve(self, request: Request, reference: str) -> Response:
        """One listing."""
        return Response(listing_body(listings.public(reference.upper(), at=clock.now())))


def money_body(price: Money | None) -> dict[str, Any] | None:
    return {"amount_minor": price.amount_minor, "currency": price.currency} if price else None


def picture_body(picture: Picture) -> dict[str, Any]:
    base = settings.SOUK.url
    return {
        "alt": picture.alt,
        "width": picture.width,
        "height": picture.height,
        "small": base + picture.small,
        "large": base + picture.large,
    }


def card_body(card: ListingCard) -> dict[str, Any]:
    ways = (("parcel", card.ships), ("pickup", card.pickup))
    return {
        "reference": card.reference,
        "title": card.title,
        "language": card.language,
        "url": settings.SOUK.url + card.href,
        "price": money_body(card.price),
        "price_before": money_body(card.was),
        "price_varies": card.varies,
        "min_quantity": card.min_quantity,
        "condition": card.condition,
        "category": card.category_slug,
        "place": card.place,
        "hand_overs": [way for way, offered in ways if offered],
        "state": card.state,
        "shop": card.vendor_slug,
        "shop_name": card.vendor_name,
        "shop_kind": card.vendor_kind,
        "picture": picture_body(card.photo) if card.photo else None,
    }


def variant_body(variant: VariantShown) -> dict[str, Any]:
    terms = variant.terms
    return {
        "reference": variant.reference,
        "label": variant.label,
        "options": variant.options,
        "available": variant.available,
        "price": money_body(terms.price) if terms else None,
        "min_quantity": terms.min_quantity if terms else 1,
        "quantity_prices": [{"min_quantity": step.min_quantity, "unit": money_body(step.unit)} for step in (terms.breaks if terms else ())],
    }


def listing_body(shown: ListingDetail) -> dict[str, Any]:
    return {
        **card_body(shown.card),
        "description": shown.description,
        "facts": [{"label": fact.label, "value": fact.value} for fact in shown.facts],
        "pictures": [picture_body(picture) for picture in shown.gallery],
        "variants": [variant_body(variant) for variant in shown.variants],
        "handling_days": shown.seller.handling_days,
        "inspection_days": shown.inspection_days,
        "returns_days": shown.seller.returns_days,
        "returns_paid_by": shown.seller.returns_paid_by,
        "version": shown.version,
    }
