"""What doors show of papers."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from marketplace.orders.models import Order
from marketplace.papers.models import Paper, PaperKind
from vendors.models import Vendor


def of_order(order: Order) -> QuerySet[Paper]:
    """The order's papers, the oldest first."""
    return Paper.objects.filter(order=order).order_by("id")


def of_shop(vendor: Vendor, *, kind: str = "") -> QuerySet[Paper]:
    """What a shop issued, and what was issued to it, the newest first."""
    papers = Paper.objects.filter(vendor=vendor).select_related("order")
    return papers.filter(kind=kind) if kind else papers


def supplied_without_invoice(*, since: datetime) -> QuerySet[Order]:
    """Orders that left the seller since then and have no invoice: what a lost job leaves behind."""
    invoice = Paper.objects.filter(order=OuterRef("pk"), kind=PaperKind.INVOICE)
    return Order.objects.supplied().filter(~Exists(invoice), placed_at__gte=since).order_by("id")
