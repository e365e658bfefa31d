"""One change to many listings of a shop."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from api import naming, serializers
from api.v1.my_listings import category_named
from api.views import SoukViewSet
from core import clock, references
from core.errors import NotHere
from marketplace.assortment import access, actions, operations, queries
from marketplace.assortment.actions import MOVES, Recategorise
from marketplace.assortment.models import BulkChange
from marketplace.assortment.queries import Filter
from marketplace.assortment.repricing import ENDINGS, KINDS
from marketplace.catalog.listings.states import ListingState
from vendors.members import access as members

SHOP = OpenApiParameter("vendor_slug", OpenApiTypes.STR, OpenApiParameter.PATH, description="The shop's slug.")
ACTIONS = ("price", "stock", "move", "category")


class BulkFilterSerializer(serializers.Serializer[Any]):
    """All of the shop's listings that are like this; removed ones never."""

    state = serializers.ChoiceField(
        choices=[value for value in ListingState.values if value != "removed"], required=False, allow_blank=True, default=""
    )
    category = serializers.CharField(required=False, allow_blank=True, max_length=60, default="", help_text="A category's slug.")
    low = serializers.BooleanField(required=False, default=False, help_text="Only what runs low.")
    words = serializers.CharField(
        required=False, allow_blank=True, max_length=80, default="", help_text="In the title, or the beginning of an article number."
    )


class BulkActionSerializer(serializers.Serializer[Any]):
    """What to do. price: kind, value (minor units; hundredths of a percent), ending. stock: kind set|add, quantity. move: move. category: slug."""

    name = serializers.ChoiceField(choices=ACTIONS)
    kind = serializers.ChoiceField(choices=sorted({*KINDS, "add"}), required=False)
    value = serializers.IntegerField(required=False, min_value=-10_000_000_000, max_value=10_000_000_000)
    ending = serializers.ChoiceField(choices=ENDINGS, required=False)
    quantity = serializers.IntegerField(required=False, min_value=-1_000_000, max_value=1_000_000)
    move = serializers.ChoiceField(choices=MOVES, required=False)
    slug = serializers.CharField(required=False, max_length=60)
    reason = serializers.CharField(required=False, max_length=300)


class BulkChangeWriteSerializer(serializers.Serializer[Any]):
    """Name the listings, or describe them; one of the two."""

    listings = serializers.ListField(child=serializers.CharField(max_length=12), required=False, min_length=1, max_length=1000)
    filter = BulkFilterSerializer(required=False)
    action = BulkActionSerializer()
    unchanged_since = serializers.DateTimeField(
        required=False, default=None, allow_null=True, help_text="Leave alone what changed after this moment."
    )


class BulkFailureSerializer(serializers.Serializer[Any]):
    """A listing that was left as it was, and why."""

    reference = serializers.CharField()
    title = serializers.CharField()
    code = serializers.CharField()
    sentence = serializers.CharField()


class BulkChangeSerializer(serializers.Serializer[Any]):
    """How far the change has come. The first fifty are done when it is answered; look again for the rest."""

    reference = serializers.CharField()
    total = serializers.IntegerField()
    done = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    failed = serializers.IntegerField()
    failures = BulkFailureSerializer(many=True)
    begun_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


@extend_schema_view(list=extend_schema(parameters=[SHOP]))
class BulkChangeView(SoukViewSet):
    """Changes to many listings at once: prices, stock, state, category."""

    access = "person"
    scope = "sell"
    permission = "Members of the shop with edit_listings."
    idempotent = ("create",)
    serializer_class = BulkChangeSerializer
    queryset = BulkChange.objects.none()

    def get_queryset(self) -> QuerySet[BulkChange]:
        if not self.request.user.is_authenticated:
            return BulkChange.objects.none()
        return queries.changes_of(self._shop())

    def list(self, request: Request, **kwargs: Any) -> Response:
        """The shop's changes, the newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(BulkChangeSerializer(page, many=True).data)

    @extend_schema(parameters=[SHOP])
    def retrieve(self, request: Request, vendor_slug: str, reference: str, **kwargs: Any) -> Response:
        """How far it has come, and what was left alone."""
        change = access.get_for(request.user, reference=reference)
        if change.vendor.slug != vendor_slug:
            raise NotHere
        return Response(BulkChangeSerializer(change).data)

    @extend_schema(parameters=[SHOP], request=BulkChangeWriteSerializer, responses={201: BulkChangeSerializer})
    def create(self, request: Request, vendor_slug: str, **kwargs: Any) -> Response:
        """Change many listings. The good ones go through, each failure is named."""
        vendor, given = self._shop(), self.read(BulkChangeWriteSerializer)
        if ("listings" in given) == ("filter" in given):
            raise serializers.ValidationError({"listings": _("Send either listings or a filter.")})
        with naming.inside("action"):
            action = actions.of(given["action"])
        if isinstance(action, Recategorise):
            category_named(action.slug, field="action.slug")
        if given.get("filter", {}).get("category"):
            category_named(given["filter"]["category"], field="filter.category")

        def effect() -> dict[str, Any]:
            chosen = queries.chosen_of(vendor, given["listings"]) if "listings" in given else _matching(vendor, given["filter"])
            by = {"actor": self.actor, "at": clock.now(), "seen_at": given["unchanged_since"]}
            change = operations.begin(vendor=vendor, listing_ids=chosen, action=action, key=references.new(), **by)
            return dict(BulkChangeSerializer(change).data)

        return self.once(effect, status=201)

    def _shop(self) -> Any:
        return members.get_for(self.request.user, slug=self.kwargs["vendor_slug"], permission="edit_listings")


def _matching(vendor: Any, wanted: dict[str, Any]) -> list[int]:
    return list(queries.find(vendor, Filter(**wanted)).values_list("pk", flat=True)[: operations.MOST_LISTINGS + 1])
