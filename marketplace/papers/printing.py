"""A paper in words: the sheet of an invoice or a credit note, in the language that it was issued in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency, format_percent
from django.conf import settings
from django.utils.translation import get_language, override, to_locale
from django.utils.translation import gettext as _

from core.money import Money
from marketplace.papers import sheet
from marketplace.papers.models import Paper, PaperKind


def as_pdf(paper: Paper) -> bytes:
    from marketplace.papers import drawing  # hundreds of modules, for the few who print

    with override(paper.language):
        return drawing.pdf(sheet_of(paper), font=settings.PAPER_FONT)


def sheet_of(paper: Paper) -> sheet.Sheet:
    """In the language that is active."""
    body = paper.body
    return sheet.Sheet(
        title=title_of(paper),
        facts=_facts(paper),
        parties=[(_("Issued by"), _issuer(body["issuer"])), (_("For"), _buyer(body["buyer"]))],
        columns=[_("Goods"), _("Quantity"), _("Tax rate"), _("Tax in it"), _("Amount")],
        rows=[_row(line, paper.currency) for line in body["lines"]],
        widths=[0.46, 0.11, 0.13, 0.14, 0.16],
        numeric=frozenset({1, 2, 3, 4}),
        totals=_totals(paper),
        notes=_notes(paper),
        page_words=f"{paper.label} · {{page}}",
    )


def title_of(paper: Paper) -> str:
    """A private person does not write invoices."""
    is_business = paper.body["issuer"]["is_business"]
    titles = {
        PaperKind.INVOICE: _("Invoice") if is_business else _("Bill of a private sale"),
        PaperKind.CREDIT_NOTE: _("Credit note") if is_business else _("Correction of a bill"),
        PaperKind.COMMISSION: _("Commission invoice"),
    }
    return f"{titles[PaperKind(paper.kind)]} {paper.label}"


def _facts(paper: Paper) -> list[tuple[str, str]]:
    body = paper.body
    facts = [(_("Issued"), words_of_day(body["issued_on"]))]
    if "order" in body:
        facts += [(_("Order"), body["order"]), (_("Ordered"), words_of_day(body["ordered_on"])), (_("Supplied"), words_of_day(body["supplied_on"]))]
    if "corrects" in body:
        facts.append((_("Corrects"), body["corrects"]))
    if "period" in body:
        facts.append((_("Period"), body["period"]))
    return facts


def _issuer(issuer: Mapping[str, Any]) -> list[str]:
    lines = [issuer["name"]]
    lines += [issuer["legal_name"]] if issuer["legal_name"] and issuer["legal_name"] not in (issuer["name"], *issuer["lines"]) else []
    lines += issuer["lines"]
    if issuer["registration_number"]:
        lines.append(f"{_('Registration number')}: {issuer['registration_number']}")
    return lines


def _buyer(buyer: Mapping[str, Any]) -> list[str]:
    return [*(buyer["lines"] or [buyer["name"]]), *([buyer["email"]] if buyer["email"] else [])]


def _row(line: Mapping[str, Any], currency: str) -> list[str]:
    name = line["title"] or _("Delivery")
    return [
        f"{name} ({line['choice']})" if line["choice"] else name,
        str(line["quantity"]),
        words_of_rate(line["tax_bp"]) if line["tax_bp"] else "–",
        words_of_money(line["tax_minor"], currency),
        words_of_money(line["amount_minor"], currency),
    ]


def _totals(paper: Paper) -> list[tuple[str, str]]:
    currency, tax = paper.currency, paper.tax_minor
    total = _("Given back") if paper.kind == PaperKind.CREDIT_NOTE else _("Total")
    if not tax:
        return [(total, words_of_money(paper.total_minor, currency))]
    return [
        (_("Without tax"), words_of_money(paper.total_minor - tax, currency)),
        (_("Tax"), words_of_money(tax, currency)),
        (total, words_of_money(paper.total_minor, currency)),
    ]


def _notes(paper: Paper) -> list[str]:
    if paper.kind == PaperKind.COMMISSION:
        return [_("Kept from your sales; nothing is left to pay.")]
    notes = []
    if not paper.body["issuer"]["is_business"]:
        notes.append(_("Sold by a private person: no tax is shown."))
    elif not paper.tax_minor:
        notes.append(_("The seller states no tax in these prices."))
    if paper.kind == PaperKind.INVOICE:
        notes.append(_("Paid in full through the marketplace, which passes the money on when the buyer has confirmed."))
    return notes


def words_of_money(minor: int, currency: str) -> str:
    """With the currency's code, which a paper keeps longer than its sign."""
    return str(format_currency(Money(minor, currency).plain(), currency, locale=to_locale(_language()), format="#,##0.00 ¤¤"))


def words_of_rate(basis_points: int) -> str:
    return str(format_percent(basis_points / 10_000, format="#,##0.##%", locale=to_locale(_language())))


def words_of_day(day: str) -> str:
    return str(format_date(date.fromisoformat(day), "d MMMM y" if _language() == "en" else "long", locale=to_locale(_language())))


def _language() -> str:
    return get_language() or "en"
