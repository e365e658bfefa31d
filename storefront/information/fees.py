"""What Souk takes, in numbers."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.money import Money
from escrow.fees.queries import CommissionTerms, commission_of, public_rates
from marketplace.catalog.categories import queries as categories

EXAMPLE = Money(100_00, "EUR")


@require_safe
def fees(request: HttpRequest) -> HttpResponse:
    """The rates that hold today, and one sale worked out with the general one."""
    general, *others = public_rates()
    names = categories.names_of(rate.category_slug for rate in others)
    fee, tax = commission_of(EXAMPLE.amount_minor, CommissionTerms(rate_bp=general.rate_bp, tax_bp=settings.COMMISSION_TAX_BP))
    context = {
        "general": general,
        "others": [(names[rate.category_slug], rate) for rate in others if rate.category_slug in names],
        "tax_bp": settings.COMMISSION_TAX_BP,
        "example": EXAMPLE,
        "fee": Money(-fee, EXAMPLE.currency),
        "tax": Money(-tax, EXAMPLE.currency),
        "left": Money(EXAMPLE.amount_minor - fee - tax, EXAMPLE.currency),
    }
    return render(request, "information/fees.html", context)
