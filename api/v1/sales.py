"""The orders of my shops: pack, ship, hand over, cancel, give back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api import naming, serializers
from api.questions import ShopQuestion
from api.v1.orders import OrderRowSerializer, OrderSerializer, row, shown
from api.v1.parts import PartExtensionSerializer, PartNamedSerializer
from api.views import SoukViewSet
from core import clock
from core.money import LARGEST_MINOR, Money
from marketplace.catalog.listings.models import LARGEST_STOCK
from marketplace.fulfilment.kinds.pickup import operations as pickup
from marketplace.fulfilment.kinds.shipping import operations as shipping
from marketplace.orders import access, operations, paying, queries
from marketplace.orders.models import Order
from vendors.members import access as members
from vendors.members import roles

CANCELLING = ("cancellation", "cancellation_agreement", "partial_cancellation")
WHICH = ("to_hand_over", "under_way", "issues", "ended")


class ShipSerializer(serializers.Serializer[Any]):
    """The parcel left. Without a number the sandbox carrier gives one."""

    carrier = serializers.CharField(max_length=20, default="sandbox")
    tracking_number = serializers.CharField(max_length=60, allow_blank=True, default="")


class HandOverCodeSerializer(serializers.Serializer[Any]):
    """What the buyer shows."""

    code = serializers.CharField(max_length=40)


class SellerCancelSerializer(serializers.Serializer[Any]):
    """Why, and whether the goods can be sold again."""

    reason = serializers.CharField(max_length=2000)
    restock = serializers.BooleanField(default=False)


class MissingPiecesSerializer(serializers.Serializer[Any]):
    """So many of one line."""

    line = serializers.CharField(max_length=12)
    quantity = serializers.IntegerField(min_value=1, max_value=LARGEST_STOCK)


class PartialCancelSerializer(serializers.Serializer[Any]):
    """What cannot be delivered, why, and whether it can be sold again."""

    lines = MissingPiecesSerializer(many=True)
    reason = serializers.CharField(max_length=2000)
    restock = serializers.BooleanField(default=False)


class GiveBackSerializer(serializers.Serializer[Any]):
    """How much of what is still held goes back, and why."""

    amount_minor = serializers.IntegerField(min_value=1, max_value=LARGEST_MINOR)
    reason = serializers.CharField(max_length=2000)


class SalesQuestion(ShopQuestion):
    """Which of a shop's orders."""

    which = serializers.ChoiceField(choices=WHICH, required=False, default="")


def _of_part(operation: Callable[..., Any]) -> Callable[..., Any]:
    def named(**given: Any) -> None:
        with naming.yours("part"):
            operation(**given)

    return named


class SaleView(SoukViewSet):
    """Paid orders of the shops in which the caller works."""

    access = "person"
    scope = "sell"
    permission = {
        **dict.fromkeys(("list", "retrieve"), "Members of the shop with view_orders."),
        **dict.fromkeys(("packing", "shipment", "readiness", "hand_over", *CANCELLING), "Members of the shop with fulfil_orders."),
        **dict.fromkeys(("part_extension", "part_hand_over"), "Members of the shop with fulfil_orders."),
        "refund": "Members of the shop with refund_orders.",
    }
    idempotent = ("packing", "shipment", "readiness", *CANCELLING, "refund", "part_extension", "part_hand_over")
    questions = {"list": SalesQuestion}
    serializer_class = OrderSerializer
    queryset = Order.objects.none()

    def get_queryset(self) -> QuerySet[Order]:
        return Order.objects.none()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """The member's rights are asked for once, however often this request needs them."""
        super().initial(request, *args, **kwargs)
        if request.user.is_authenticated:
            request.user.asked_in_request = {}  # type: ignore[attr-defined]  # see accounts.users.queries.asked_once

    @extend_schema(responses=OrderRowSerializer(many=True))
    def list(self, request: Request, **kwargs: Any) -> Response:
        """A shop's orders, the newest first."""
        with naming.yours("vendor"):
            vendor = members.get_for(request.user, slug=self.asked["vendor"], permission=roles.VIEW_ORDERS)
        page = self.paginate_queryset(queries.sold_by(vendor, which=self.asked["which"]))
        return self.get_paginated_response([row(order) for order in page or ()])

    def retrieve(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """One order as its seller sees it."""
        return Response(self._shown(self._mine(reference, roles.VIEW_ORDERS), clock.now()))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def packing(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """It is packed."""
        return self._do(reference, roles.FULFIL_ORDERS, operations.pack)

    @extend_schema(request=ShipSerializer)
    @action(detail=True, methods=["post"])
    def shipment(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """The parcel is on its way."""
        return self._do(reference, roles.FULFIL_ORDERS, shipping.send, ShipSerializer)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def readiness(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """It is ready to be picked up; the buyer is told."""
        return self._do(reference, roles.FULFIL_ORDERS, pickup.mark_ready)

    @extend_schema(request=HandOverCodeSerializer)
    @action(detail=True, methods=["post"])
    def hand_over(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Enter the buyer's code. A wrong one costs one of five attempts; a right one twice is once."""
        order, at = self._mine(reference, roles.FULFIL_ORDERS), clock.now()
        done = pickup.hand_over(order=order, actor=self.actor, at=at, **self.read(HandOverCodeSerializer))  # not within once(): attempts are kept
        return Response(self._shown(done, at))

    @extend_schema(request=SellerCancelSerializer)
    @action(detail=True, methods=["post"])
    def cancellation(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Cancel before it is handed over; the buyer gets everything back."""
        return self._do(reference, roles.FULFIL_ORDERS, operations.cancel_by_seller, SellerCancelSerializer)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancellation_agreement(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Agree with the buyer who asks to cancel what is packed; everything goes back."""
        return self._do(reference, roles.FULFIL_ORDERS, operations.agree_to_cancellation)

    @extend_schema(request=PartialCancelSerializer)
    @action(detail=True, methods=["post"])
    def partial_cancellation(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Cancel what cannot be delivered: its money goes back, the rest goes on. All that is left is a cancellation."""
        self._mine(reference, roles.FULFIL_ORDERS)
        given = self.read(PartialCancelSerializer)
        quantities: Counter[str] = Counter()
        for missing in given.pop("lines"):
            quantities[missing["line"]] += missing["quantity"]
        return self._do(reference, roles.FULFIL_ORDERS, operations.cancel_part, quantities=quantities, **given)

    @extend_schema(request=GiveBackSerializer)
    @action(detail=True, methods=["post"])
    def refund(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Give back part of what is still held; once the order is completed, part of what was paid out, from the balance or as a debt."""
        order, given = self._mine(reference, roles.REFUND_ORDERS), self.read(GiveBackSerializer)
        amount = Money(given["amount_minor"], order.currency)
        return self._do(reference, roles.REFUND_ORDERS, operations.give_back, amount=amount, reason=given["reason"])

    @extend_schema(request=PartExtensionSerializer)
    @action(detail=True, methods=["post"])
    def part_extension(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Give the buyer more days for a part that is not paid yet."""
        return self._do(reference, roles.FULFIL_ORDERS, _of_part(paying.extend_part), PartExtensionSerializer)

    @extend_schema(request=PartNamedSerializer)
    @action(detail=True, methods=["post"])
    def part_hand_over(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Say that a milestone is reached; the buyer looks at it and confirms."""
        return self._do(reference, roles.FULFIL_ORDERS, _of_part(paying.hand_over_part), PartNamedSerializer)

    def _shown(self, order: Order, at: datetime) -> dict[str, Any]:
        """`money` is empty for members who may see none."""
        body = shown(order, "seller", at)
        return body if access.sees_money(self.request.user, order) else {**body, "money": []}

    def _mine(self, reference: str, permission: str) -> Order:
        return access.get_for_seller(user=self.request.user, reference=reference, permission=permission)

    def _do(self, reference: str, permission: str, operation: Callable[..., Any], body: type[Any] | None = None, **given: Any) -> Response:
        """Whose order it is comes first: strangers learn nothing from what their body lacks."""
        order = self._mine(reference, permission)
        given |= self.read(body) if body else {}

        def effect() -> dict[str, Any]:
            at = clock.now()
            operation(order=order, actor=self.actor, at=at, **given)
            return self._shown(self._mine(reference, permission), at)

        return self.once(effect)
