"""Closing months."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.parties import operations as parties
from core import locks
from escrow.fees.commission import WHOLE_BP
from marketplace.papers import bodies
from marketplace.papers import operations as papers
from marketplace.papers.models import Paper, PaperKind
from marketplace.statements import queries
from marketplace.statements.models import Statement
from marketplace.statements.months import Month, month_of, until
from vendors.models import Vendor


def close_due(*, vendor: Vendor, at: datetime) -> list[Statement]:
    """Close every month that is over in the shop's zone and still open, the oldest first."""
    last = Statement.objects.filter(vendor=vendor).order_by("-month").first()
    began = queries.first_moment(vendor)
    if began is None:
        return []
    first = last.of_month.next if last else month_of(began, vendor.time_zone)
    return [close(vendor=vendor, month=month, at=at) for month in until(first, month_of(at, vendor.time_zone))]


@transaction.atomic
def close(*, vendor: Vendor, month: Month, at: datetime) -> Statement:
    """Write down what the month came to, and invoice our commission. Asked twice, it closes once."""
    locks.rows(Vendor.objects.filter(pk=vendor.pk))
    read = queries.month_of_shop(vendor, month)
    if read.closed:
        return read.closed
    return Statement.objects.create(
        vendor=vendor,
        month=month.first_day,
        currency=vendor.currency,
        opening_minor=read.opening.amount_minor,
        gross_minor=read.gross.amount_minor,
        commission_minor=read.commission.amount_minor,
        net_minor=read.net.amount_minor,
        paid_out_minor=read.paid_out.amount_minor,
        closing_minor=read.closing.amount_minor,
        commission_invoice=_commission_invoice(read, at=at),
        closed_at=at,
    )


def _commission_invoice(read: queries.MonthOfShop, *, at: datetime) -> Paper | None:
    """From the market to the shop, for what was kept from its sales. A month in which more came back than was taken has none."""
    fee = read.commission.amount_minor
    if fee <= 0:
        return None
    vendor, owner = read.vendor, read.vendor.members.select_related("user").order_by("id").first()
    language = owner.user.language if owner else "en"
    tax = read.tax.amount_minor
    with override(language):
        title = _("Commission on sales")
    shop = bodies.issuer_of(vendor)
    body = {
        "issuer": bodies.market(),
        "buyer": {"name": shop["name"], "email": "", "lines": [shop["legal_name"] or shop["name"], *shop["lines"]]},
        "period": str(read.month),
        "lines": [
            {
                "part": "commission",
                "title": title,
                "choice": str(read.month),
                "quantity": 1,
                "amount_minor": fee,
                "tax_bp": round(tax * WHOLE_BP / (fee - tax)) if tax else 0,
                "tax_minor": tax,
            }
        ],
    }
    return papers.issue(
        kind=PaperKind.COMMISSION,
        key=f"commission:{vendor.reference}:{read.month}",
        issuer=parties.platform(at=at).key,
        vendor=vendor,
        body=body,
        language=language,
        at=at,
    )
