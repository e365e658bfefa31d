from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncMonth

from core.money import Money
from marketplace.analytics.comparables import Sold
from marketplace.orders.models import Order, OrderLine
from vendors.models import Vendor

MONTHS = 12
COMPARED_FOR = timedelta(days=365)
MOST_COMPARED = 400
NOT_SOLD = ("awaiting_payment", "expired", "cancelled", "refunded")


@dataclass(frozen=True)
class Month:
    """What was sold in a month: paid orders that were not called off, by the shop's own clock."""

    first_day: date
    orders: int
    amount: Money


def sales_by_month(vendor: Vendor, *, at: datetime) -> list[Month]:
    """The last twelve months with this one, the oldest first; a month without a sale is there too. One query."""
    return months_in(month_rows(vendor, at=at), vendor, at=at)


def month_rows(vendor: Vendor, *, at: datetime) -> QuerySet[Order, tuple[datetime, int, int]]:
    """The rows behind `sales_by_month`, for a page that reads them together with others."""
    begin = datetime.combine(_months_before(vendor, at)[0], datetime.min.time(), vendor.zone)
    return (
        Order.objects.filter(vendor=vendor, paid_at__gte=begin, paid_at__lte=at)
        .exclude(state__in=NOT_SOLD)
        .order_by()
        .annotate(month=TruncMonth("paid_at", tzinfo=vendor.zone))
        .values_list("month")
        .annotate(orders=Count("pk"), amount=Sum("total_minor"))
    )


def months_in(rows: Iterable[tuple[datetime, int, int]], vendor: Vendor, *, at: datetime) -> list[Month]:
    months = _months_before(vendor, at)
    sold = {month.date(): (orders, amount) for month, orders, amount in rows}
    return [Month(month, *_of(sold.get(month, (0, 0)), vendor.currency)) for month in months]


def _months_before(vendor: Vendor, at: datetime) -> list[date]:
    return _months(at.astimezone(vendor.zone).date())


def _of(row: tuple[int, int], currency: str) -> tuple[int, Money]:
    return row[0], Money(row[1], currency)


def _months(today: date) -> list[date]:
    last = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(last - MONTHS + 1, last + 1)]


def sold_in(category: str, currency: str, *, at: datetime) -> list[Sold]:
    """The last things of a category that somebody bought within a year, for one piece each, the latest first. One query."""
    rows = (
        OrderLine.objects.filter(variant__listing__category__slug=category, order__currency=currency, order__placed_at__gte=at - COMPARED_FOR)
        .exclude(order__state__in=NOT_SOLD)
        .order_by("-id")
        .values_list("title", "unit_minor", "condition")[:MOST_COMPARED]
    )
    return [Sold(*row) for row in rows]
