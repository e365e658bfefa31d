"""Listings from the inside: what a shop's members write, price, count and show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api import naming, serializers
from api.preconditions import tagged, version_of
from api.questions import ShopQuestion
from api.v1.photos import PhotoSerializer
from api.views import SoukViewSet
from core import clock
from escrow.plans import terms as plan_terms
from marketplace.assortment import operations as copies
from marketplace.assortment import queries as assortment
from marketplace.assortment.queries import Filter
from marketplace.catalog.alarms import operations as alarms
from marketplace.catalog.categories import queries as categories
from marketplace.catalog.categories.models import Category
from marketplace.catalog.listings import access, operations
from marketplace.catalog.listings.content import Content
from marketplace.catalog.listings.models import Condition, HandOver, Listing
from marketplace.catalog.listings.states import ListingState
from marketplace.catalog.listings.variants import VariantDraft
from marketplace.catalog.stock import operations as stock
from marketplace.sale_formats.fixed_price import operations as fixed_price
from marketplace.sale_formats.fixed_price import queries as prices
from marketplace.sale_formats.fixed_price.operations import PriceDraft, VariantOffer
from marketplace.sale_formats.fixed_price.pricing import Break
from vendors.members import access as members

IF_MATCH = OpenApiParameter("If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, description="The ETag you read, or *.")
EVERYONE_INSIDE = "Members of the shop with edit_listings."


class OwnPriceBreakSerializer(serializers.Serializer[Any]):
    """From this many on, each costs this."""

    min_quantity = serializers.IntegerField(min_value=2, max_value=100_000)
    price_minor = serializers.IntegerField(min_value=1, max_value=10_000_000_000)


class OwnPriceSerializer(serializers.Serializer[Any]):
    """A price table in minor units of the shop's currency, tax included."""

    price_minor = serializers.IntegerField(min_value=1, max_value=10_000_000_000)
    min_quantity = serializers.IntegerField(required=False, min_value=1, max_value=100_000, default=1)
    special_minor = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=10_000_000_000, default=None)
    special_from = serializers.DateTimeField(required=False, allow_null=True, default=None)
    special_until = serializers.DateTimeField(required=False, allow_null=True, default=None)
    breaks = OwnPriceBreakSerializer(many=True, required=False, default=list)


class OwnVariantSerializer(serializers.Serializer[Any]):
    """A choice to buy, with its price and its stock."""

    reference = serializers.CharField()
    sku = serializers.CharField()
    options = serializers.DictField(child=serializers.CharField())
    on_hand = serializers.IntegerField()
    reserved = serializers.IntegerField()
    available = serializers.IntegerField()
    price = OwnPriceSerializer(allow_null=True)


class VariantWriteSerializer(serializers.Serializer[Any]):
    """A choice as it should be. With `reference` an existing one is kept; without it a new one is made."""

    reference = serializers.CharField(required=False, allow_blank=True, max_length=12, default="")
    sku = serializers.CharField(required=False, allow_blank=True, max_length=60, default="")
    options = serializers.DictField(child=serializers.CharField(max_length=40), required=False, default=dict)
    price = OwnPriceSerializer(required=False, allow_null=True, default=None)
    on_hand = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=1_000_000, default=None)
    if_on_hand = serializers.IntegerField(required=False, allow_null=True, min_value=0, default=None, help_text="The count you read.")


class ContentSerializer(serializers.Serializer[Any]):
    """What a seller writes about a thing; leave out what stays."""

    title = serializers.CharField(required=False, allow_blank=True, max_length=120)
    description = serializers.CharField(required=False, allow_blank=True, max_length=8000)
    language = serializers.CharField(required=False, max_length=12, help_text="The language of your text, such as en or zh-hans.")
    category = serializers.CharField(required=False, allow_null=True, max_length=60, help_text="A category's slug.")
    condition = serializers.ChoiceField(required=False, choices=Condition.choices)
    attributes = serializers.DictField(required=False, help_text="Answers by attribute code; see the category.")
    hand_overs = serializers.ListField(required=False, child=serializers.ChoiceField(choices=HandOver.choices), max_length=2)
    place = serializers.CharField(required=False, allow_blank=True, max_length=80)
    payment_terms = serializers.DictField(
        required=False,
        help_text="How it may be paid in parts: kind deposit (percent, days, ships, late), parts (count, ships) or milestones (days, steps with name"
        " and percent), each with grace_days; empty: only at once.",
    )
    variants = VariantWriteSerializer(many=True, required=False, help_text="All of them: what is left out is retired.")


class DraftSerializer(ContentSerializer):
    """A new listing of one of your shops."""

    vendor = serializers.CharField(max_length=60, help_text="The shop's slug.")


class OwnListingSerializer(serializers.Serializer[Any]):
    """A listing as its shop sees it."""

    reference = serializers.CharField()
    vendor = serializers.CharField(source="vendor.slug")
    state = serializers.ChoiceField(choices=ListingState.choices)
    version = serializers.IntegerField(help_text="Send it back in If-Match.")
    title = serializers.CharField()
    description = serializers.CharField()
    language = serializers.CharField()
    category = serializers.CharField(source="category.slug", allow_null=True, default=None)
    condition = serializers.CharField(help_text="Empty until chosen.")
    attributes = serializers.DictField()
    hand_overs = serializers.ListField(child=serializers.CharField())
    place = serializers.CharField()
    payment_terms = serializers.SerializerMethodField(help_text="How it may be paid in parts; empty: only at once.")
    currency = serializers.CharField(source="vendor.currency")
    sale_format = serializers.CharField()
    variants = OwnVariantSerializer(many=True, source="offered")
    photos = PhotoSerializer(many=True, source="photos.all")
    href = serializers.CharField()
    changed_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True)

    def get_payment_terms(self, listing: Listing) -> dict[str, Any]:
        """As a seller writes them."""
        return plan_terms.told(plan_terms.read(listing.payment_terms))


class StockSerializer(serializers.Serializer[Any]):
    """You counted: so many are there."""

    variant = serializers.CharField(max_length=12)
    on_hand = serializers.IntegerField(min_value=0, max_value=1_000_000)
    if_on_hand = serializers.IntegerField(required=False, allow_null=True, min_value=0, default=None, help_text="The count you read.")


class LowStockSerializer(serializers.Serializer[Any]):
    """A variant's own line."""

    variant = serializers.CharField(max_length=12)
    low_at = serializers.IntegerField(min_value=0, max_value=1_000_000, allow_null=True)


class StockLineSerializer(serializers.Serializer[Any]):
    """One change of a count."""

    at = serializers.DateTimeField()
    what = serializers.CharField()
    who = serializers.CharField()
    reason = serializers.CharField()
    change = serializers.IntegerField()
    reserved_change = serializers.IntegerField()
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    order = serializers.CharField(help_text="The order's reference, when there is one.")
    number = serializers.CharField()


class ReasonSerializer(serializers.Serializer[Any]):
    """Why; for the shop's own record."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=300, default="")


def content_of(given: dict[str, Any]) -> Content:
    words = {name: value for name, value in given.items() if name not in ("variants", "vendor", "category")}
    if "category" in given:
        words["category"] = category_named(given["category"]) if given["category"] else None
    return Content(**words)


def category_named(slug: str, *, field: str = "category") -> Category:
    """For a name that came in a body or in the address."""
    with naming.known(field, _("There is no such category. /api/v1/categories/ lists them.")):
        return categories.by_slug(slug)


def offers_of(given: dict[str, Any]) -> list[VariantOffer] | None:
    if "variants" not in given:
        return None
    return [
        VariantOffer(
            variant=VariantDraft(options=row["options"], sku=row["sku"], reference=row["reference"]),
            price=_price_of(row["price"]),
            on_hand=row["on_hand"],
            on_hand_seen=row["if_on_hand"],
        )
        for row in given["variants"]
    ]


def _price_of(given: dict[str, Any] | None) -> PriceDraft | None:
    if given is None:
        return None
    return PriceDraft(**{**given, "breaks": [Break(step["min_quantity"], step["price_minor"]) for step in given["breaks"]]})


def own(listing: Listing) -> dict[str, Any]:
    """The listing as it is now, with its variants and prices."""
    return dict(OwnListingSerializer(prices.with_offers(Listing.objects.filter(pk=listing.pk)).get()).data)


class ListingsQuestion(ShopQuestion):
    """Which of a shop's listings."""

    state = serializers.ChoiceField(choices=ListingState.choices, required=False, default="")
    category = serializers.CharField(required=False, default="", max_length=60, help_text="A category's slug.")
    low = serializers.BooleanField(required=False, default=False, help_text="Only what runs low.")
    q = serializers.CharField(
        required=False, default="", max_length=200, allow_blank=True, help_text="Words of the title, or the beginning of an article number."
    )


class VariantQuestion(serializers.Serializer[Any]):
    """Of which variant."""

    variant = serializers.CharField(max_length=12, help_text="The variant's reference.")


class MyListingView(SoukViewSet):
    """Listings of the shops in which the caller works."""

    access = "person"
    scope = "sell"
    permission = EVERYONE_INSIDE
    idempotent = ("create", "publication", "pause", "resumption", "copy")
    questions = {"list": ListingsQuestion, "stock_history": VariantQuestion}
    serializer_class = OwnListingSerializer
    queryset = Listing.objects.none()
    cursor_ordering = ("-changed_at", "-pk")

    def get_queryset(self) -> QuerySet[Listing]:
        return Listing.objects.none()

    def list(self, request: Request, **kwargs: Any) -> Response:
        """A shop's listings, the newest change first; removed ones only when asked for."""
        asked = self.asked
        with naming.yours("vendor"):
            vendor = members.get_for(request.user, slug=asked["vendor"], permission="edit_listings")
        category = category_named(asked["category"]).slug if asked["category"] else ""
        wanted = Filter(asked["state"], category, asked["low"], asked["q"])
        page = self.paginate_queryset(prices.with_offers(assortment.find(vendor, wanted)))
        return self.get_paginated_response(OwnListingSerializer(page, many=True).data)

    def retrieve(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """One listing, with the ETag that a change needs."""
        return self._answer(self._mine(reference))

    @extend_schema(request=DraftSerializer, responses={201: OwnListingSerializer})
    def create(self, request: Request, **kwargs: Any) -> Response:
        """A new draft. Nobody sees it until it is published."""
        given = self.read(DraftSerializer)
        with naming.yours("vendor"):
            vendor = members.get_for(request.user, slug=given["vendor"], permission="edit_listings")

        def effect() -> dict[str, Any]:
            at = clock.now()
            listing = operations.draft(vendor=vendor, actor=self.actor, at=at)
            fixed_price.edit(listing=listing, content=content_of(given), offers=_first_offers(listing, given), actor=self.actor, at=at)
            return own(listing)

        return self.once(effect, status=201)

    @extend_schema(request=ContentSerializer, responses=OwnListingSerializer, parameters=[IF_MATCH])
    def partial_update(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Change words, variants, prices and stock, all or nothing."""
        listing = self._mine(reference)
        version = version_of(request)
        given = self.read(ContentSerializer)
        fixed_price.edit(listing=listing, content=content_of(given), offers=offers_of(given), if_version=version, actor=self.actor, at=clock.now())
        return self._answer(listing)

    @extend_schema(request=ReasonSerializer, responses={200: OwnListingSerializer})
    def destroy(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Remove it for good. Orders keep what they bought."""
        listing = self._mine(reference)
        operations.remove(listing=listing, actor=self.actor, at=clock.now(), reason=self.read(ReasonSerializer)["reason"])
        return self._answer(listing)

    @extend_schema(request=None, responses=OwnListingSerializer)
    @action(detail=True, methods=["post"])
    def publication(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Show it to buyers; 422 lists everything that is still missing."""
        return self._move(reference, operations.publish)

    @extend_schema(request=None, responses=OwnListingSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Take it out of the window for a while."""
        return self._move(reference, operations.pause)

    @extend_schema(request=None, responses=OwnListingSerializer)
    @action(detail=True, methods=["post"])
    def resumption(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Put it back into the window."""
        return self._move(reference, operations.resume)

    @extend_schema(request=StockSerializer, responses=OwnListingSerializer)
    @action(detail=True, methods=["put"])
    def stock(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Say how many of a variant are there now."""
        listing = self._mine(reference)
        given = self.read(StockSerializer)
        with naming.yours("variant"):
            variant = access.variant_of(listing, reference=given.pop("variant"))
        stock.count(variant=variant, actor=self.actor, at=clock.now(), **given)
        listing.refresh_from_db()
        return self._answer(listing)

    @extend_schema(responses=StockLineSerializer(many=True), operation_id="my_listings_stock_history")
    @action(detail=True, methods=["get"], pagination_class=None)
    def stock_history(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """The last hundred changes of a variant's stock, the newest first: when, who, why, before and after."""
        listing = self._mine(reference)
        with naming.yours("variant"):
            variant = access.variant_of(listing, reference=self.asked["variant"])
        lines = assortment.stock_lines(list(assortment.stock_history(variant)[:100]), listing.vendor)
        return Response(StockLineSerializer(lines, many=True).data)

    @extend_schema(request=LowStockSerializer, responses=OwnListingSerializer)
    @action(detail=True, methods=["put"])
    def low_stock(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """From how many on hand downwards the shop is told of this variant; null goes back to the shop's own line."""
        listing, given = self._mine(reference), self.read(LowStockSerializer)
        with naming.yours("variant"):
            variant = access.variant_of(listing, reference=given["variant"])
        alarms.set_own(variant=variant, low_at=given["low_at"], actor=self.actor, at=clock.now())
        return self._answer(listing)

    @extend_schema(request=None, responses={201: OwnListingSerializer})
    @action(detail=True, methods=["post"])
    def copy(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """A draft with the same words, photos, variants and ordinary prices; nothing in stock."""
        listing = self._mine(reference)
        return self.once(lambda: own(copies.duplicate(listing=listing, actor=self.actor, at=clock.now())), status=201)

    def _mine(self, reference: str) -> Listing:
        return access.get_for(self.request.user, reference=reference)

    def _answer(self, listing: Listing) -> Response:
        return tagged(Response(own(listing)), listing.version)

    def _move(self, reference: str, operation: Callable[..., Listing]) -> Response:
        listing = self._mine(reference)
        return self.once(lambda: own(operation(listing=listing, actor=self.actor, at=clock.now())))


def _first_offers(listing: Listing, given: dict[str, Any]) -> list[VariantOffer] | None:
    """A draft comes with one plain variant: the first plain row of a new listing means that one."""
    offers = offers_of(given)
    if offers and len(offers) == 1 and not offers[0].variant.options and not offers[0].variant.reference:
        plain = listing.variants.offered().get()
        row = offers[0]
        draft = VariantDraft(sku=row.variant.sku, reference=plain.reference)
        return [VariantOffer(variant=draft, price=row.price, on_hand=row.on_hand, on_hand_seen=row.on_hand_seen)]
    return offers
