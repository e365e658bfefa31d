"""My orders: where they are, where the money is, and what I may do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api import naming, serializers
from api.serializers import moment
from api.v1.parts import PartNamedSerializer, PartPaymentSerializer, PlanSerializer, plan_of
from api.views import SoukViewSet
from core import clock
from escrow.holds.states import Reason
from marketplace.fulfilment.kinds.pickup import operations as pickup
from marketplace.fulfilment.kinds.pickup.queries import hand_over_code
from marketplace.fulfilment.kinds.shipping import queries as shipping
from marketplace.fulfilment.kinds.shipping.models import Shipment, TrackingEvent
from marketplace.orders import access, money_story, operations, paying, queries
from marketplace.orders.headlines import Viewer
from marketplace.orders.models import HandOver, Order
from marketplace.orders.money_story import MoneyRow
from marketplace.orders.queries import NextStep, TimelineStep
from marketplace.orders.reads import SoldLine
from marketplace.orders.states import OrderState

TOKEN = "X-Order-Token"  # noqa: S105 (the header's name)


class OrderLineSerializer(serializers.Serializer[Any]):
    """What was sold, as it was sold."""

    reference = serializers.CharField()
    variant = serializers.CharField(source="variant.reference")
    listing = serializers.CharField(source="variant.listing.reference")
    title = serializers.CharField()
    options = serializers.DictField(child=serializers.CharField())
    quantity = serializers.IntegerField()
    unit_minor = serializers.IntegerField()
    total_minor = serializers.IntegerField()
    tax_minor = serializers.IntegerField()
    cancelled = serializers.IntegerField(help_text="So many of the quantity the seller could not deliver.")


class NextStepSerializer(serializers.Serializer[Any]):
    """What happens next. Both sides see the same clock."""

    next_action = serializers.CharField()
    who = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    headline = serializers.CharField()
    words = serializers.CharField()
    what_happens_if_silent = serializers.CharField()
    actions = serializers.ListField(child=serializers.CharField(), help_text="What the caller may do now.")


class TimelineStepSerializer(serializers.Serializer[Any]):
    """One step: done, here, or ahead."""

    name = serializers.CharField()
    place = serializers.CharField()
    title = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)
    words = serializers.CharField()


class MoneyRowSerializer(serializers.Serializer[Any]):
    """One movement from the ledger; the four amounts add up to zero."""

    words = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)
    place = serializers.CharField()
    buyer_minor = serializers.IntegerField(source="buyer.amount_minor")
    held_minor = serializers.IntegerField(source="held.amount_minor")
    seller_minor = serializers.IntegerField(source="seller.amount_minor")
    fee_minor = serializers.IntegerField(source="fee.amount_minor")


class ParcelEventSerializer(serializers.Serializer[Any]):
    """The carrier's word."""

    state = serializers.CharField()
    words = serializers.CharField()
    place = serializers.CharField()
    occurred_at = serializers.DateTimeField()


class ParcelSerializer(serializers.Serializer[Any]):
    """The parcel on its way."""

    carrier = serializers.CharField()
    tracking_number = serializers.CharField()
    state = serializers.CharField()
    events = ParcelEventSerializer(many=True, source="events.all")


class OrderRowSerializer(serializers.Serializer[Any]):
    """An order in a list."""

    reference = serializers.CharField()
    number = serializers.CharField()
    state = serializers.ChoiceField(choices=OrderState.choices)
    vendor = serializers.CharField(source="vendor.slug")
    vendor_name = serializers.CharField(source="vendor.name")
    buyer_name = serializers.CharField()
    hand_over = serializers.ChoiceField(choices=HandOver.choices)
    currency = serializers.CharField()
    goods_minor = serializers.IntegerField()
    delivery_minor = serializers.IntegerField()
    tax_minor = serializers.IntegerField()
    total_minor = serializers.IntegerField()
    refunded_minor = serializers.IntegerField(source="hold.refunded_minor")
    held_minor = serializers.IntegerField(source="hold.left_minor")
    placed_at = serializers.DateTimeField()
    paid_at = serializers.DateTimeField(allow_null=True)
    shipped_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    cancel_due_at = serializers.DateTimeField(allow_null=True, help_text="The buyer asks to cancel what is packed; silence agrees then.")
    lines = OrderLineSerializer(many=True, source="lines.all")


class OrderSerializer(OrderRowSerializer):
    """An order with everything that the caller may see of it."""

    delivery = serializers.DictField()
    address = serializers.DictField(allow_null=True)
    next_step = NextStepSerializer()
    timeline = TimelineStepSerializer(many=True)
    money = MoneyRowSerializer(many=True)
    parcel = ParcelSerializer(allow_null=True)
    code = serializers.CharField(allow_null=True, help_text="The hand-over code; for the buyer only.")
    plan = PlanSerializer(allow_null=True, help_text="How it is paid in parts; null when it was paid at once.")


class IssueReportSerializer(serializers.Serializer[Any]):
    """What is wrong. The money freezes until it is settled."""

    reason = serializers.ChoiceField(choices=Reason.choices)
    words = serializers.CharField(max_length=2000)


class OrdersQuestion(serializers.Serializer[Any]):
    """Which of my orders."""

    state = serializers.ChoiceField(choices=OrderState.choices, required=False)


class CancelReasonSerializer(serializers.Serializer[Any]):
    """Why; the seller reads it."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")


def row(order: Order, sold: Iterable[SoldLine] | None = None) -> dict[str, Any]:
    """The order as `OrderRowSerializer` says, written by hand: that costs a tenth."""
    lines = [SoldLine.of(line) for line in order.lines.all()] if sold is None else sold
    return {
        "reference": order.reference,
        "number": order.number,
        "state": order.state,
        "vendor": order.vendor.slug,
        "vendor_name": order.vendor.name,
        "buyer_name": order.buyer_name,
        "hand_over": order.hand_over,
        "currency": order.currency,
        "goods_minor": order.goods_minor,
        "delivery_minor": order.delivery_minor,
        "tax_minor": order.tax_minor,
        "total_minor": order.total_minor,
        "refunded_minor": money_story.refunded_of(order).amount_minor,
        "held_minor": money_story.held_of(order).amount_minor,
        **{name: moment(getattr(order, name)) for name in ("placed_at", "paid_at", "shipped_at", "delivered_at", "ended_at", "cancel_due_at")},
        "lines": [line._asdict() for line in lines],
    }


def shown(order: Order, viewer: Viewer, at: datetime) -> dict[str, Any]:
    """The order, as it was just read, in the words of whoever looks."""
    parcel = getattr(order, "shipment", None)
    story, news = queries.story_of(order, *([shipping.news_asked(parcel)] if parcel else []))
    code = hand_over_code(order) if viewer == "buyer" else None
    return {
        **row(order, story.sold),
        "delivery": order.delivery,
        "address": order.address,
        "next_step": _next_step(queries.next_step(order, viewer, at)),
        "timeline": [_step(step) for step in queries.timeline(order, at, story.events)],
        "money": [_money(line) for line in money_story.money_table(order, at, story.book)],
        "parcel": _parcel(parcel, news[0]) if parcel else None,
        "code": code.shown if code else None,
        "plan": plan_of(order, viewer, at),
    }


def _return_url(order: Order, part: str) -> str:
    return f"{settings.SOUK.url}/orders/{order.reference}/parts/?part={part}"


def _next_step(step: NextStep) -> dict[str, Any]:
    return {
        "next_action": step.next_action,
        "who": step.who,
        "due_at": moment(step.due_at),
        "headline": step.headline,
        "words": step.words,
        "what_happens_if_silent": step.what_happens_if_silent,
        "actions": list(step.actions),
    }


def _step(step: TimelineStep) -> dict[str, Any]:
    return {"name": step.name, "place": step.place, "title": str(step.title), "at": moment(step.at), "words": str(step.words)}


def _money(line: MoneyRow) -> dict[str, Any]:
    places = {"buyer": line.buyer, "held": line.held, "seller": line.seller, "fee": line.fee}
    amounts = {f"{name}_minor": amount.amount_minor for name, amount in places.items()}
    return {"words": str(line.words), "at": moment(line.at), "place": line.place, **amounts}


def _parcel(parcel: Shipment, news: Iterable[TrackingEvent]) -> dict[str, Any]:
    events = [{"state": one.state, "words": one.words, "place": one.place, "occurred_at": moment(one.occurred_at)} for one in news]
    return {"carrier": parcel.carrier, "tracking_number": parcel.tracking_number, "state": parcel.state, "events": events}


class OrderView(SoukViewSet):
    """Orders of the buyer; a guest names the order's key."""

    access = {
        "list": "person",
        **dict.fromkeys(
            ("retrieve", "receipt", "more_time", "issue", "issue_withdrawal", "cancellation", "cancellation_withdrawal", "code"), "anyone"
        ),
        **dict.fromkeys(("part_payment", "part_refreshment", "part_arrival", "part_receipt"), "anyone"),
    }
    scope = "buy"
    permission = "The buyer: the signed-in person, or whoever holds the key of a guest's order. Anybody else finds nothing."
    step_up = ("receipt", "part_receipt")
    idempotent = (
        *("receipt", "more_time", "issue", "issue_withdrawal", "cancellation", "cancellation_withdrawal", "code"),
        *("part_payment", "part_arrival", "part_receipt"),
    )
    questions = {"list": OrdersQuestion}
    serializer_class = OrderSerializer
    guest_shows = "orderToken"
    queryset = Order.objects.none()

    def get_queryset(self) -> QuerySet[Order]:
        return queries.bought_by(self.request.user) if self.request.user.is_authenticated else Order.objects.none()

    @extend_schema(responses=OrderRowSerializer(many=True))
    def list(self, request: Request, **kwargs: Any) -> Response:
        """My orders, the newest first."""
        page = self.paginate_queryset(self.get_queryset().filter(**self.asked))
        return self.get_paginated_response([row(order) for order in page or ()])

    def retrieve(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """One order: its next step, its timeline, and where the money is."""
        return Response(shown(self._mine(reference), "buyer", clock.now()))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def receipt(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Confirm: everything is right, the seller is paid."""
        return self._do(reference, operations.confirm_receipt)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def more_time(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Seven days more to look at it, once."""
        return self._do(reference, operations.ask_more_time)

    @extend_schema(request=IssueReportSerializer)
    @action(detail=True, methods=["post"])
    def issue(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """I have an issue: the money freezes, no deadline runs."""
        return self._do(reference, operations.report_issue, IssueReportSerializer)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def issue_withdrawal(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """It is settled: the order goes on where it stopped."""
        return self._do(reference, operations.withdraw_issue)

    @extend_schema(request=CancelReasonSerializer)
    @action(detail=True, methods=["post"])
    def cancellation(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Cancel before it is handed over; everything goes back. Once it is packed the seller is asked: see `cancel_due_at`."""
        return self._do(reference, operations.cancel_by_buyer, CancelReasonSerializer)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancellation_withdrawal(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """I asked to cancel, and want it after all."""
        return self._do(reference, operations.withdraw_cancellation)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def code(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Make a new hand-over code; the old one is worth nothing."""
        return self._do(reference, pickup.renew_code)

    @extend_schema(request=PartNamedSerializer, responses=PartPaymentSerializer)
    @action(detail=True, methods=["post"])
    def part_payment(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Pay the next part: its own payment. `hosted_url` is where to pay; asked twice, it is the same page."""
        order, given = self._mine(reference), self.read(PartNamedSerializer)

        def effect() -> dict[str, Any]:
            with naming.yours("part"):
                payment = paying.pay_part(order=order, return_url=_return_url(order, given["part"]), actor=self.actor, at=clock.now(), **given)
            return {"payment": payment.reference, "amount_minor": payment.amount_minor, "hosted_url": ""}

        response = self.once(effect)
        response.data["hosted_url"] = paying.start(reference=response.data["payment"])  # outside the transaction; again it is the same page
        return response

    @extend_schema(request=PartNamedSerializer)
    @action(detail=True, methods=["post"])
    def part_refreshment(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Ask the payment service what became of a part's payment, as the return page does."""
        order, given = self._mine(reference), self.read(PartNamedSerializer)
        with naming.yours("part"):
            paying.refresh(order=order, part=given["part"])
        return Response(shown(self._mine(reference), "buyer", clock.now()))

    @extend_schema(request=PartNamedSerializer)
    @action(detail=True, methods=["post"])
    def part_arrival(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """I have this milestone and look at it: its inspection begins."""
        return self._do_part(reference, paying.receive_part)

    @extend_schema(request=PartNamedSerializer)
    @action(detail=True, methods=["post"])
    def part_receipt(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Confirm a milestone: its part is paid to the seller."""
        return self._do_part(reference, paying.confirm_part)

    def _do_part(self, reference: str, operation: Callable[..., Any]) -> Response:
        def named(**given: Any) -> None:
            with naming.yours("part"):
                operation(**given)

        return self._do(reference, named, PartNamedSerializer)

    def _mine(self, reference: str, *, bare: bool = False) -> Order:
        user = self.request.user if self.request.user.is_authenticated else None
        return access.get_for(user=user, reference=reference, guest_key=self.request.headers.get(TOKEN, "")[:200], bare=bare)

    def _do(self, reference: str, operation: Callable[..., Any], body: type[Any] | None = None) -> Response:
        """Whose order it is comes first: strangers learn nothing from what their body lacks."""
        order = self._mine(reference, bare=True)
        given = self.read(body) if body else {}

        def effect() -> dict[str, Any]:
            at = clock.now()
            changed = operation(order=order, actor=self.actor, at=at, **given)
            return shown(changed if isinstance(changed, Order) else self._mine(reference), "buyer", at)

        return self.once(effect)
