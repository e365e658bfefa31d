"""Reading a shop's month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, Sum

from core.money import Money
from escrow.ledger import accounts
from escrow.ledger import queries as ledger
from escrow.ledger.models import Posting, Transfer
from marketplace.orders import numbers
from marketplace.orders.models import Order
from marketplace.statements.models import Statement
from marketplace.statements.months import Month
from marketplace.statements.rows import Row, rows_of
from vendors.models import Vendor

MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class MonthOfShop:
    """A month with its rows. `closed` is its statement, None while it runs."""

    vendor: Vendor
    month: Month
    opening: Money
    rows: Sequence[Row]
    closed: Statement | None

    @property
    def gross(self) -> Money:
        return Money.total((row.gross for row in self.rows), self.vendor.currency)

    @property
    def commission(self) -> Money:
        return Money.total((row.commission for row in self.rows), self.vendor.currency)

    @property
    def tax(self) -> Money:
        return Money.total((row.tax for row in self.rows), self.vendor.currency)

    @property
    def net(self) -> Money:
        return Money.total((row.net for row in self.rows if not row.is_payout), self.vendor.currency)

    @property
    def paid_out(self) -> Money:
        return -Money.total((row.net for row in self.rows if row.is_payout), self.vendor.currency)

    @property
    def closing(self) -> Money:
        return self.rows[-1].balance if self.rows else self.opening


def mine(vendor: Vendor) -> frozenset[str]:
    """The accounts that say together what we owe a shop."""
    party, currency = vendor.party.key, vendor.currency
    names = (accounts.seller_payable(party, currency), accounts.reserve(party, currency), accounts.seller_receivable(party, currency))
    return frozenset(name.code for name in names)


def month_of_shop(vendor: Vendor, month: Month) -> MonthOfShop:
    """The rows of a month, the oldest first."""
    starts_at, ends_at = month.starts_at(vendor.time_zone), month.ends_at(vendor.time_zone)
    ours = mine(vendor)
    closed = Statement.objects.filter(vendor=vendor, month=month.first_day).select_related("commission_invoice").first()
    opening = closed.opening_minor if closed else _owed_before(ours, starts_at)
    touching = Posting.objects.filter(account__code__in=ours).values("transfer")
    entries = Transfer.objects.filter(id__in=touching, at__gte=starts_at, at__lt=ends_at)
    postings = Posting.objects.filter(transfer__in=entries).select_related("transfer", "account").order_by("transfer__at", "transfer_id", "id")
    rows = list(rows_of(ledger.book_lines(postings[:MOST_ROWS]), mine=ours, currency=vendor.currency, opening_minor=opening))
    return MonthOfShop(vendor, month, Money(opening, vendor.currency), rows, closed)


def _owed_before(ours: frozenset[str], moment: datetime) -> int:
    earlier = Posting.objects.filter(account__code__in=ours, transfer__at__lt=moment)
    return -int(earlier.aggregate(total=Sum("amount_minor", default=0))["total"])


def numbers_of(rows: Sequence[Row]) -> dict[str, str]:
    """The numbers of the orders that these rows are about, by hold."""
    wanted = {row.hold for row in rows if row.hold}
    orders = Order.objects.filter(hold__reference__in=wanted).only("pk", "hold__reference").select_related("hold")
    found = {order.hold.reference: order.number for order in orders}
    if missing := wanted - set(found):  # later parts of what is paid in parts
        parts = Order.objects.filter(plan__parts__hold__reference__in=missing).values_list("pk", "plan__parts__hold__reference")
        found |= {hold: numbers.number_of(pk) for pk, hold in parts if hold in missing}
    return found


def closed_of(vendor: Vendor) -> QuerySet[Statement]:
    """Closed months, the newest first."""
    return Statement.objects.filter(vendor=vendor).select_related("commission_invoice")


def first_moment(vendor: Vendor) -> datetime | None:
    """When the book first knew the shop."""
    first = Posting.objects.filter(account__code__in=mine(vendor)).order_by("id").select_related("transfer").first()
    return first.transfer.at if first else None
