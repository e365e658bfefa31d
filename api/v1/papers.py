"""Invoices, credit notes and statements: for the buyer of an order, and for whoever sees a shop's money."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from api import serializers
from api.renderers import AnyFileRenderer
from api.v1.orders import TOKEN
from api.v1.payouts import SHOP, AmountSerializer, money_of
from api.views import SoukViewSet
from core import clock
from core.attachments import attachment
from core.errors import NotHere
from marketplace.orders import access as orders
from marketplace.papers import access, printing, queries
from marketplace.papers.models import Paper, PaperKind
from marketplace.statements import printing as statement_printing
from marketplace.statements import queries as statements
from marketplace.statements.models import Statement
from marketplace.statements.months import month_of
from marketplace.statements.months import read as read_month
from marketplace.statements.queries import MonthOfShop
from marketplace.statements.rows import Row

ORDER = OpenApiParameter("order_reference", str, OpenApiParameter.PATH, description="The order's reference.")
MONTH = OpenApiParameter("month", str, OpenApiParameter.PATH, pattern="^[0-9]{4}-(0[1-9]|1[0-2])$", description="In the shop's time zone: 2026-11.")
FILES = (*api_settings.DEFAULT_RENDERER_CLASSES, AnyFileRenderer)
PDF = {(200, "application/pdf"): OpenApiTypes.BINARY}


class PaperLineSerializer(serializers.Serializer[Any]):
    """One line of a paper; its amount contains the tax."""

    title = serializers.CharField(help_text="Empty for the delivery.")
    choice = serializers.CharField()
    quantity = serializers.IntegerField()
    amount_minor = serializers.IntegerField()
    tax_bp = serializers.IntegerField(help_text="Hundredths of a percent.")
    tax_minor = serializers.IntegerField()


class PaperSerializer(serializers.Serializer[Any]):
    """An invoice, or what corrects it. It never changes."""

    reference = serializers.CharField()
    kind = serializers.ChoiceField(choices=PaperKind.choices)
    number = serializers.CharField(source="label", help_text="Without gaps for each issuer, kind and year.")
    order = serializers.CharField(source="body.order", default="", help_text="The order's number.")
    corrects = serializers.CharField(source="body.corrects", default="", help_text="The number of the invoice that a credit note corrects.")
    currency = serializers.CharField()
    total_minor = serializers.IntegerField()
    tax_minor = serializers.IntegerField()
    issued_at = serializers.DateTimeField()
    lines = PaperLineSerializer(many=True, source="body.lines")


class PapersQuestion(serializers.Serializer[Any]):
    """Which papers."""

    kind = serializers.ChoiceField(choices=PaperKind.choices, required=False)


@extend_schema_view(
    list=extend_schema(parameters=[ORDER], responses=PaperSerializer(many=True)),
    retrieve=extend_schema(parameters=[ORDER], responses=PaperSerializer),
)
class OrderPaperView(SoukViewSet):
    """The papers of an order, for its buyer; a guest names the order's key."""

    access = "anyone"
    scope = "buy"
    permission = "The buyer: the signed-in person, or whoever holds the key of a guest's order. Anybody else finds nothing."
    serializer_class = PaperSerializer
    guest_shows = "orderToken"
    queryset = Paper.objects.none()
    pagination_class = None

    def get_queryset(self) -> QuerySet[Paper]:
        user = self.request.user if self.request.user.is_authenticated else None
        key = self.request.headers.get(TOKEN, "")[:200]
        return queries.of_order(orders.get_for(user=user, reference=self.kwargs["order_reference"], guest_key=key))

    def list(self, request: Request, **kwargs: Any) -> Response:
        """Every paper of the order, the oldest first; none before the goods have left."""
        return Response(PaperSerializer(self.get_queryset(), many=True).data)

    def retrieve(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """One paper in numbers."""
        return Response(PaperSerializer(self._one(reference)).data)

    @extend_schema(parameters=[ORDER], responses=PDF)
    @action(detail=True, methods=["get"], renderer_classes=FILES)
    def pdf(self, request: Request, reference: str, **kwargs: Any) -> HttpResponse:
        """The same on paper."""
        found = self._one(reference)
        return attachment(printing.as_pdf(found), kind="pdf", name=found.label)

    def _one(self, reference: str) -> Paper:
        return access.among(self.get_queryset(), reference=reference)


@extend_schema_view(
    list=extend_schema(parameters=[SHOP], responses=PaperSerializer(many=True)),
    retrieve=extend_schema(parameters=[SHOP], responses=PaperSerializer),
)
class ShopPaperView(SoukViewSet):
    """What a shop issued, and our invoices to it."""

    access = "person"
    scope = "sell"
    permission = "Members with view_money."
    serializer_class = PaperSerializer
    queryset = Paper.objects.none()
    questions = {"list": PapersQuestion}

    def get_queryset(self) -> QuerySet[Paper]:
        if not self.request.user.is_authenticated:
            return Paper.objects.none()
        return queries.of_shop(access.shop_for(self.request.user, slug=self.kwargs["vendor_slug"]))

    def list(self, request: Request, **kwargs: Any) -> Response:
        """Papers of the shop, the newest first."""
        page = self.paginate_queryset(self.get_queryset().filter(**self.asked))
        return self.get_paginated_response(PaperSerializer(page, many=True).data)

    def retrieve(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """One paper in numbers."""
        return Response(PaperSerializer(self._one(reference)).data)

    @extend_schema(parameters=[SHOP], responses=PDF)
    @action(detail=True, methods=["get"], renderer_classes=FILES)
    def pdf(self, request: Request, reference: str, **kwargs: Any) -> HttpResponse:
        """The same on paper."""
        found = self._one(reference)
        return attachment(printing.as_pdf(found), kind="pdf", name=found.label)

    def _one(self, reference: str) -> Paper:
        return access.among(self.get_queryset(), reference=reference)


class StatementSerializer(serializers.Serializer[Any]):
    """A closed month: opening + net − paid out = closing."""

    month = serializers.CharField(source="of_month")
    currency = serializers.CharField()
    opening_minor = serializers.IntegerField()
    gross_minor = serializers.IntegerField(help_text="Sales, less what was refunded.")
    commission_minor = serializers.IntegerField(help_text="With the tax on it.")
    net_minor = serializers.IntegerField()
    paid_out_minor = serializers.IntegerField()
    closing_minor = serializers.IntegerField()
    commission_invoice = serializers.CharField(source="commission_invoice.label", default="")
    closed_at = serializers.DateTimeField()


class StatementRowSerializer(serializers.Serializer[Any]):
    """One entry of the ledger."""

    at = serializers.DateTimeField()
    event = serializers.CharField()
    words = serializers.CharField()
    order = serializers.CharField(help_text="The order's number, where there is one.")
    gross = AmountSerializer()
    commission = AmountSerializer()
    net = AmountSerializer()
    balance = AmountSerializer(help_text="What is owed to the shop after this entry.")


class MonthSerializer(serializers.Serializer[Any]):
    """A month with every entry of it."""

    month = serializers.CharField()
    is_closed = serializers.BooleanField()
    opening = AmountSerializer()
    gross = AmountSerializer()
    commission = AmountSerializer()
    paid_out = AmountSerializer()
    closing = AmountSerializer()
    rows = StatementRowSerializer(many=True)


@extend_schema_view(list=extend_schema(parameters=[SHOP], responses=StatementSerializer(many=True)))
class StatementView(SoukViewSet):
    """A shop's money month by month."""

    access = "person"
    scope = "sell"
    permission = "Members with view_money."
    serializer_class = StatementSerializer
    queryset = Statement.objects.none()
    lookup_field = "month"
    lookup_value_regex = "[0-9]{4}-(?:0[1-9]|1[0-2])"

    def get_queryset(self) -> QuerySet[Statement]:
        if not self.request.user.is_authenticated:
            return Statement.objects.none()
        return statements.closed_of(access.shop_for(self.request.user, slug=self.kwargs["vendor_slug"]))

    def list(self, request: Request, **kwargs: Any) -> Response:
        """Closed months, the newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(StatementSerializer(page, many=True).data)

    @extend_schema(parameters=[SHOP, MONTH], responses=MonthSerializer)
    def retrieve(self, request: Request, month: str, **kwargs: Any) -> Response:
        """A month that has begun, with every entry of it."""
        found = self._month(month)
        numbers = statements.numbers_of(found.rows)
        sums = {name: money_of(getattr(found, name)) for name in ("opening", "gross", "commission", "paid_out", "closing")}
        rows = [_row(row, numbers.get(row.hold, "")) for row in found.rows]
        return Response({"month": str(found.month), "is_closed": found.closed is not None, **sums, "rows": rows})

    @extend_schema(parameters=[SHOP, MONTH], responses={(200, "text/csv"): OpenApiTypes.STR})
    @action(detail=True, methods=["get"], renderer_classes=FILES)
    def csv(self, request: Request, month: str, **kwargs: Any) -> HttpResponse:
        """The same as a table."""
        found = self._month(month)
        table = statement_printing.as_csv(found, statements.numbers_of(found.rows))
        return attachment(table.encode(), kind="csv", name=f"{found.vendor.slug}-{found.month}")

    @extend_schema(parameters=[SHOP, MONTH], responses=PDF)
    @action(detail=True, methods=["get"], renderer_classes=FILES)
    def pdf(self, request: Request, month: str, **kwargs: Any) -> HttpResponse:
        """The same on paper."""
        found = self._month(month)
        printed = statement_printing.as_pdf(found, statements.numbers_of(found.rows))
        return attachment(printed, kind="pdf", name=f"{found.vendor.slug}-{found.month}")

    def _month(self, text: str) -> MonthOfShop:
        vendor = access.shop_for(self.request.user, slug=self.kwargs["vendor_slug"])
        month = read_month(text)
        if month is None or month > month_of(clock.now(), vendor.time_zone):
            raise NotHere
        return statements.month_of_shop(vendor, month)


def _row(row: Row, number: str) -> dict[str, Any]:
    amounts = {name: money_of(getattr(row, name)) for name in ("gross", "commission", "net", "balance")}
    return {"at": row.at, "event": row.event, "words": str(row.words), "order": number, **amounts}
