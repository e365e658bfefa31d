"""Returns: for the buyer who sends something back, and for the shop that takes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api import naming, serializers
from api.questions import ShopQuestion
from api.serializers import moment
from api.views import SoukViewSet
from core import clock
from core.money import LARGEST_MINOR, Money
from marketplace.orders import access as orders
from marketplace.returns import access, exchanges, operations, queries
from marketplace.returns.models import Return
from marketplace.returns.moves import LONGEST_WORDS
from marketplace.returns.operations import LONGEST_ADDRESS, LONGEST_NUMBER
from marketplace.returns.states import ReturnReason, ReturnState, Wish
from vendors.members import access as members
from vendors.members import roles
from vendors.policies.models import ReturnsPaidBy

WHICH = ("to_do", "open", "ended")


class ReturnLineSerializer(serializers.Serializer[Any]):
    """So many of one line; an empty line is the delivery that was paid for all of it."""

    line = serializers.CharField()
    quantity = serializers.IntegerField()
    amount_minor = serializers.IntegerField()


class ReturnStepSerializer(serializers.Serializer[Any]):
    """Who must do what by when, and what silence does."""

    next_action = serializers.CharField()
    who = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    sentence = serializers.CharField()
    what_happens_if_silent = serializers.CharField()


class ReturnSerializer(serializers.Serializer[Any]):
    """A return as both sides see it."""

    reference = serializers.CharField()
    order = serializers.CharField()
    state = serializers.ChoiceField(choices=ReturnState.choices)
    of_right = serializers.BooleanField(help_text="The seller cannot refuse it.")
    wish = serializers.ChoiceField(choices=Wish.choices)
    exchange_variant = serializers.CharField()
    reason = serializers.ChoiceField(choices=ReturnReason.choices)
    words = serializers.CharField()
    answer = serializers.CharField(help_text="The seller's words.")
    paid_by = serializers.ChoiceField(choices=ReturnsPaidBy.choices, help_text="Who pays for the way back.")
    send_to = serializers.CharField()
    carrier = serializers.CharField()
    tracking_number = serializers.CharField()
    new_carrier = serializers.CharField(help_text="Of the replacement.")
    new_tracking_number = serializers.CharField()
    currency = serializers.CharField()
    amount_minor = serializers.IntegerField()
    deduction_minor = serializers.IntegerField()
    refunded_minor = serializers.IntegerField()
    asked_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    lines = ReturnLineSerializer(many=True)
    next_step = ReturnStepSerializer(allow_null=True)
    actions = serializers.ListField(child=serializers.CharField(), help_text="What the caller may do now.")


class WantedLineSerializer(serializers.Serializer[Any]):
    """How many of which line come back."""

    line = serializers.CharField(max_length=12, help_text="The order line's reference.")
    quantity = serializers.IntegerField(min_value=1, max_value=1_000_000)


class AskReturnSerializer(serializers.Serializer[Any]):
    """What comes back, why, and what the buyer wants for it."""

    order = serializers.CharField(max_length=12)
    lines = WantedLineSerializer(many=True, allow_empty=False, max_length=100)  # type: ignore[call-arg]
    reason = serializers.ChoiceField(choices=ReturnReason.choices)
    words = serializers.CharField(max_length=LONGEST_WORDS, required=False, allow_blank=True, default="")
    variant = serializers.CharField(
        max_length=12, required=False, allow_blank=True, default="", help_text="Which variant instead of money; of the same price."
    )


class ReturnParcelSerializer(serializers.Serializer[Any]):
    """A parcel with its number."""

    carrier = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    tracking_number = serializers.CharField(max_length=LONGEST_NUMBER)


class ReturnWordsSerializer(serializers.Serializer[Any]):
    """Why."""

    words = serializers.CharField(max_length=LONGEST_WORDS)


class ApprovalSerializer(serializers.Serializer[Any]):
    """Where to send it; the shop's own address where none is given."""

    send_to = serializers.CharField(max_length=LONGEST_ADDRESS, required=False, allow_blank=True, default="")
    paid_by = serializers.ChoiceField(choices=["", *ReturnsPaidBy.values], required=False, default="")
    words = serializers.CharField(max_length=LONGEST_WORDS, required=False, allow_blank=True, default="")


class ReceptionSerializer(serializers.Serializer[Any]):
    """Whether it can be sold again."""

    restock = serializers.BooleanField(default=False)


class DeductionSerializer(serializers.Serializer[Any]):
    """What the seller keeps, and why."""

    deduction_minor = serializers.IntegerField(min_value=1, max_value=LARGEST_MINOR)
    words = serializers.CharField(max_length=LONGEST_WORDS)
    restock = serializers.BooleanField(default=False)


class ShopReturnsQuestion(ShopQuestion):
    """Which of a shop's returns."""

    which = serializers.ChoiceField(choices=WHICH, required=False, default="")


def shown(found: Return, side: str) -> dict[str, Any]:
    """The return, as it was just read, for this side."""
    step = queries.next_step(found)
    names = ReturnSerializer._declared_fields  # type: ignore[attr-defined]
    plain = {name: getattr(found, name) for name in names if name not in ("order", "exchange_variant", "lines", "next_step", "actions")}
    return plain | {
        "order": found.order.reference,
        "exchange_variant": found.exchange_variant.reference if found.exchange_variant else "",
        "asked_at": moment(found.asked_at),
        "ended_at": moment(found.ended_at),
        "lines": [
            {"line": line.order_line.reference if line.order_line else "", "quantity": line.quantity, "amount_minor": line.amount_minor}
            for line in found.lines.all()
        ],
        "next_step": {
            "next_action": step.next_action,
            "who": step.who,
            "due_at": moment(step.due_at),
            "sentence": str(step.sentence),
            "what_happens_if_silent": str(step.what_happens_if_silent),
        }
        if step
        else None,
        "actions": list(queries.actions_of(found, side)),
    }


class _ReturnView(SoukViewSet):
    """What both sides share: fetch, act once, answer with what it is now."""

    side: ClassVar[str]
    access = "person"
    permission = "The buyer, or members of the shop."
    serializer_class = ReturnSerializer
    queryset = Return.objects.none()

    def get_queryset(self) -> QuerySet[Return]:
        return Return.objects.none()

    def _mine(self, reference: str, permission: str = roles.VIEW_ORDERS) -> Return:
        raise NotImplementedError

    def retrieve(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """One return."""
        return Response(shown(self._mine(reference), self.side))

    def _do(self, reference: str, operation: Callable[..., Any], body: type[Any] | None = None, permission: str = roles.REFUND_ORDERS) -> Response:
        found = self._mine(reference, permission)
        given = self.read(body) if body else {}

        def effect() -> dict[str, Any]:
            operation(asked=found, at=clock.now(), actor=self.actor, **given)
            return shown(self._mine(reference, permission), self.side)

        return self.once(effect)


class ReturnView(_ReturnView):
    """The caller's own returns."""

    side = "buyer"
    scope = "buy"
    permission = "The buyer of the order."
    idempotent = ("create", "withdrawal", "shipment", "arrival", "settlement", "objection", "completion")

    def _mine(self, reference: str, permission: str = "") -> Return:
        return access.get_for_buyer(user=self.request.user, reference=reference)

    @extend_schema(responses=ReturnSerializer(many=True))
    def list(self, request: Request, **kwargs: Any) -> Response:
        """My returns, the newest first."""
        page = self.paginate_queryset(queries.of_buyer(request.user))
        return self.get_paginated_response([shown(found, self.side) for found in page or ()])

    @extend_schema(request=AskReturnSerializer, responses={201: ReturnSerializer})
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Ask to send something back."""
        given = self.read(AskReturnSerializer)
        with naming.yours("order"):
            order = orders.get_for(user=request.user, reference=given["order"], bare=True)
        quantities: dict[str, int] = {}
        for row in given["lines"]:
            quantities[row["line"]] = quantities.get(row["line"], 0) + row["quantity"]
        said = {"reason": given["reason"], "words": given["words"], "variant": given["variant"]}
        wish = Wish.EXCHANGE if given["variant"] else Wish.REFUND

        def effect() -> dict[str, Any]:
            asked = operations.ask(order=order, quantities=quantities, wish=wish, at=clock.now(), actor=self.actor, **said)
            return shown(self._mine(asked.reference), self.side)

        return self.once(effect, status=201)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdrawal(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Keep it after all."""
        return self._do(reference, operations.withdraw)

    @extend_schema(request=ReturnParcelSerializer)
    @action(detail=True, methods=["post"])
    def shipment(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """It is on its way back."""
        return self._do(reference, operations.send, ReturnParcelSerializer)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def arrival(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """The carrier says that it arrived."""
        return self._do(reference, operations.arrive)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def settlement(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Accept the deduction."""
        return self._do(reference, operations.settle)

    @extend_schema(request=ReturnWordsSerializer)
    @action(detail=True, methods=["post"])
    def objection(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Object: a dispute while the money is held, our team afterwards."""
        return self._do(reference, operations.protest, ReturnWordsSerializer)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def completion(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """The replacement is here and right."""
        return self._do(reference, exchanges.finish)


class ShopReturnView(_ReturnView):
    """Returns to the shops in which the caller works."""

    side = "seller"
    scope = "sell"
    permission = {
        **dict.fromkeys(("list", "retrieve"), "Members of the shop with view_orders."),
        **dict.fromkeys(("approval", "refusal", "waiver", "reception", "deduction", "fall_back"), "Members of the shop with refund_orders."),
        "replacement": "Members of the shop with fulfil_orders.",
    }
    idempotent = ("approval", "refusal", "waiver", "reception", "deduction", "fall_back", "replacement")
    questions = {"list": ShopReturnsQuestion}

    def _mine(self, reference: str, permission: str = roles.VIEW_ORDERS) -> Return:
        return access.get_for_seller(user=self.request.user, reference=reference, permission=permission)

    @extend_schema(responses=ReturnSerializer(many=True))
    def list(self, request: Request, **kwargs: Any) -> Response:
        """A shop's returns."""
        with naming.yours("vendor"):
            vendor = members.get_for(request.user, slug=self.asked["vendor"], permission=roles.VIEW_ORDERS)
        page = self.paginate_queryset(queries.of_shop(vendor, which=self.asked["which"]))
        return self.get_paginated_response([shown(found, self.side) for found in page or ()])

    @extend_schema(request=ApprovalSerializer)
    @action(detail=True, methods=["post"])
    def approval(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Take it back, and say where to send it."""
        return self._do(reference, operations.approve, ApprovalSerializer)

    @extend_schema(request=ReturnWordsSerializer)
    @action(detail=True, methods=["post"])
    def refusal(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Refuse it, where the buyer has no right to it."""
        return self._do(reference, operations.decline, ReturnWordsSerializer)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def waiver(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Give the money back; the buyer keeps the goods."""
        return self._do(reference, operations.waive)

    @extend_schema(request=ReceptionSerializer)
    @action(detail=True, methods=["post"])
    def reception(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """It came back and is right: the money goes back, or the replacement can be sent."""
        return self._do(reference, operations.accept, ReceptionSerializer)

    @extend_schema(request=DeductionSerializer)
    @action(detail=True, methods=["post"])
    def deduction(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """It came back worse than it left, or not at all: keep this much. The buyer may object."""
        currency = self._mine(reference, roles.REFUND_ORDERS).currency

        def deduct(*, deduction_minor: int, **said: Any) -> Return:
            return operations.deduct(deduction=Money(deduction_minor, currency), **said)

        return self._do(reference, deduct, DeductionSerializer)

    @extend_schema(request=ReturnParcelSerializer)
    @action(detail=True, methods=["post"])
    def replacement(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """The replacement left."""
        return self._do(reference, exchanges.ship, ReturnParcelSerializer, roles.FULFIL_ORDERS)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def fall_back(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """There is no replacement: the money goes back."""
        return self._do(reference, operations.fall_back)
