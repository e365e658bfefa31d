"""The pages of a shop's papers. All of it is the shop's money, so whoever sees that sees these."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock
from core.attachments import attachment
from core.errors import NotHere
from marketplace.papers import access, printing, queries
from marketplace.papers.models import PaperKind
from marketplace.statements import printing as statement_printing
from marketplace.statements import queries as statements
from marketplace.statements.months import Month, month_of, read
from vendors.models import Vendor

PAGE = 30


@require_safe
@login_required
def paper_list(request: HttpRequest, slug: str) -> HttpResponse:
    vendor = access.shop_for(request.user, slug=slug)
    kind = request.GET.get("kind", "")
    found = queries.of_shop(vendor, kind=kind if kind in PaperKind.values else "")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    kinds = [("", None), *PaperKind.choices]
    return render(request, "selling/papers/list.html", {"shop": vendor, "section": "payouts", "page": page, "kinds": kinds, "kind": kind})


@require_safe
@login_required
def paper(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    found = access.among(queries.of_shop(access.shop_for(request.user, slug=slug)), reference=reference)
    return attachment(printing.as_pdf(found), kind="pdf", name=found.label)


@require_safe
@login_required
def statement_list(request: HttpRequest, slug: str) -> HttpResponse:
    vendor = access.shop_for(request.user, slug=slug)
    page = Paginator(statements.closed_of(vendor), 24).get_page(request.GET.get("page"))
    running = month_of(clock.now(), vendor.time_zone)
    return render(request, "selling/papers/statements.html", {"shop": vendor, "section": "payouts", "page": page, "running": running})


@require_safe
@login_required
def statement(request: HttpRequest, slug: str, month: str) -> HttpResponse:
    vendor = access.shop_for(request.user, slug=slug)
    found = statements.month_of_shop(vendor, _month(vendor, month))
    page = Paginator(found.rows, 100).get_page(request.GET.get("page"))
    numbers = statements.numbers_of(list(page))
    context = {
        "shop": vendor,
        "section": "payouts",
        "read": found,
        "page": page,
        "rows": [(row, numbers.get(row.hold, "")) for row in page],
        "sums": statement_printing.sums(found),
    }
    return render(request, "selling/papers/statement.html", context)


@require_safe
@login_required
def statement_file(request: HttpRequest, slug: str, month: str, kind: str) -> HttpResponse:
    """The whole month, as a table or on paper."""
    vendor = access.shop_for(request.user, slug=slug)
    if kind not in ("csv", "pdf"):
        raise NotHere
    found = statements.month_of_shop(vendor, _month(vendor, month))
    numbers = statements.numbers_of(found.rows)
    if kind == "csv":
        return attachment(statement_printing.as_csv(found, numbers).encode("utf-8-sig"), kind="csv", name=f"{vendor.slug}-{found.month}")
    return attachment(statement_printing.as_pdf(found, numbers), kind="pdf", name=f"{vendor.slug}-{found.month}")


def _month(vendor: Vendor, text: str) -> Month:
    """A month that has begun; anything else is not there."""
    found = read(text)
    if found is None or found > month_of(clock.now(), vendor.time_zone):
        raise NotHere
    return found
