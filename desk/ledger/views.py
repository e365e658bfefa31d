"""Reading the book."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.errors import NotHere
from core.money import EXPONENTS, Money
from desk import words as house
from escrow.holds.queries import names_of
from escrow.ledger import access, queries
from escrow.ledger.models import Account, Posting, Transfer
from escrow.payments import queries as payments

PAGE = 50


def words_of(request: HttpRequest, name: str, *, most: int = 80) -> str:
    """A search field as typed, without what PostgreSQL cannot hold."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:most]


def readers_only(request: HttpRequest) -> None:
    if not access.may_read(request.user):
        raise NotHere


Line = tuple[Posting, Money | None, Money | None]


def sides(lines: list[Posting]) -> list[Line]:
    """Each posting with its debit or its credit, debits first."""
    ordered = sorted(lines, key=lambda line: (line.amount_minor < 0, line.pk))
    amounts = [(line, Money(abs(line.amount_minor), line.currency)) for line in ordered]
    return [(line, amount, None) if line.amount_minor > 0 else (line, None, amount) for line, amount in amounts]


def names_in(codes: Iterable[str]) -> dict[str, str]:
    """The parties that these accounts belong to."""
    return names_of(*{part for code in codes for part in house.about_account(code)})


@require_safe
@login_required
def account_list(request: HttpRequest) -> HttpResponse:
    """Accounts with their balances; those of the platform come first."""
    readers_only(request)
    words, kind, currency = words_of(request, "q"), words_of(request, "kind"), words_of(request, "currency")
    kind = kind if kind in Account.Kind.values else ""
    currency = currency if currency in EXPONENTS else ""
    page = Paginator(queries.accounts_matching(words=words, kind=kind, currency=currency), PAGE).get_page(request.GET.get("page"))
    balances = queries.balances_of(list(page))
    context = {
        "page": page,
        "rows": [(account, Money(balances[account.pk], account.currency)) for account in page],
        "q": words,
        "kind": kind,
        "kinds": Account.Kind.values,
        "currency": currency,
        "currencies": sorted(EXPONENTS),
        "names": names_in(account.code for account in page),
        "waiting": payments.exceptions_open().count(),
        "here": "accounts",
    }
    return render(request, "desk/ledger/accounts.html", context)


@require_safe
@login_required
def account(request: HttpRequest, code: str) -> HttpResponse:
    """One account's statement, newest first."""
    readers_only(request)
    found = queries.account(code)
    if found is None:
        raise NotHere
    page = Paginator(queries.postings_of(found), PAGE).get_page(request.GET.get("page"))
    balance = Money(queries.balances_of([found])[found.pk], found.currency)
    rows = [(posting, Money(posting.amount_minor * found.normal, found.currency)) for posting in page]
    context = {"account": found, "balance": balance, "page": page, "rows": rows, "names": names_in([found.code])}
    return render(request, "desk/ledger/account.html", context)


@require_safe
@login_required
def transfer_list(request: HttpRequest) -> HttpResponse:
    """Transfers, newest first: by trade, by part of a key, by event, or by hold."""
    readers_only(request)
    words, event, hold = words_of(request, "q"), words_of(request, "event", most=40), words_of(request, "hold", most=12)
    found = queries.transfers_matching(words=words, event=event, hold=hold)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    lines = queries.lines_of(list(page))
    context = {
        "page": page,
        "rows": [(transfer, sides(lines[transfer.pk])) for transfer in page],
        "events": queries.event_names(),
        "names": names_in(line.account.code for rows in lines.values() for line in rows),
        "q": words,
        "event": event,
        "hold": hold,
        "here": "transfers",
    }
    return render(request, "desk/ledger/transfers.html", context)


@require_safe
@login_required
def transfer(request: HttpRequest, key: str) -> HttpResponse:
    """One transfer with every posting and its seal."""
    readers_only(request)
    found: Transfer | None = queries.transfer(key)
    if found is None:
        raise NotHere
    lines = sides(queries.lines_of([found])[found.pk])
    context = {
        "transfer": found,
        "lines": lines,
        "by": house.writer(found.actor),
        "names": names_in(line.account.code for line, _debit, _credit in lines),
        "seal": queries.seal_of(found),
    }
    return render(request, "desk/ledger/transfer.html", context)
