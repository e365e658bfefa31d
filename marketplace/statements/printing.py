"""A month as a table and as paper."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.money import Money
from marketplace.papers import bodies, sheet
from marketplace.papers.printing import words_of_money
from marketplace.statements.queries import MonthOfShop
from marketplace.statements.rows import Row

COLUMNS = ("at", "event", "order", "gross", "commission", "net", "balance", "currency", "entry")


def as_csv(read: MonthOfShop, numbers: Mapping[str, str]) -> str:
    """One line for each entry, amounts as decimal text, times in the shop's zone; made for programs, so its words stay English."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(COLUMNS)
    zone = ZoneInfo(read.vendor.time_zone)
    for row in read.rows:
        amounts = [amount.plain() for amount in (row.gross, row.commission, row.net, row.balance)]
        moment = row.at.astimezone(zone).isoformat(timespec="seconds")
        table.writerow([moment, row.event, numbers.get(row.hold, ""), *amounts, read.vendor.currency, row.key])
    return out.getvalue()


def as_pdf(read: MonthOfShop, numbers: Mapping[str, str]) -> bytes:
    """In the language that is active."""
    from marketplace.papers import drawing  # hundreds of modules, for the few who print

    return drawing.pdf(sheet_of(read, numbers), font=settings.PAPER_FONT)


def sheet_of(read: MonthOfShop, numbers: Mapping[str, str]) -> sheet.Sheet:
    shop = bodies.issuer_of(read.vendor)
    market = bodies.market()
    title = _("Statement {month}").format(month=read.month)
    return sheet.Sheet(
        title=title,
        facts=[(_("Time zone"), read.vendor.time_zone), (_("State"), _("Closed") if read.closed else _("Still running"))],
        parties=[(_("From"), [market["name"], *market["lines"]]), (_("For"), [shop["name"], *shop["lines"]])],
        columns=[_("Day"), _("Entry"), _("Sale"), _("Commission"), pgettext("money", "Yours"), _("Balance")],
        rows=list(_lines(read, numbers)),
        widths=[0.15, 0.25, 0.15, 0.15, 0.15, 0.15],
        numeric=frozenset({2, 3, 4, 5}),
        totals=[(label, _words(amount)) for label, amount in sums(read)],
        page_words=f"{title} · {shop['name']} · {{page}}",
    )


def sums(read: MonthOfShop) -> list[tuple[str, Money]]:
    """How the month adds up: opening + sales − commission − payouts = closing."""
    return [
        (_("At the beginning"), read.opening),
        (_("Sales, less refunds"), read.gross),
        (_("Commission and the tax on it"), -read.commission),
        (_("Payouts"), -read.paid_out),
        (_("At the end"), read.closing),
    ]


def _lines(read: MonthOfShop, numbers: Mapping[str, str]) -> Iterator[list[str]]:
    zone = ZoneInfo(read.vendor.time_zone)
    for row in read.rows:
        number = numbers.get(row.hold, "")
        yield [
            _day(row.at, zone),
            f"{row.words} {number}".strip(),
            *("" if amount.is_zero and not _counts(row) else _words(amount) for amount in (row.gross, -row.commission)),
            _words(row.net),
            _words(row.balance),
        ]


def _counts(row: Row) -> bool:
    return not row.is_payout


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).date().isoformat()


def _words(amount: Money) -> str:
    return words_of_money(amount.amount_minor, amount.currency)
