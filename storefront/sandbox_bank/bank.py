"""One page: what is asked for, how to pay, and what should go wrong."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core import clock
from escrow.payments import sandbox_bank
from escrow.payments.sandbox_bank import AnswerLost, BankPage

METHODS = [
    ("card", _("Card")),
    ("unionpay", _("UnionPay card")),
    ("alipay", _("Alipay")),
    ("wechat_pay", _("WeChat Pay")),
    ("bank_transfer", _("Bank transfer")),
]
OUTCOMES = [
    ("pay", _("Pay"), _("The shop is told at once.")),
    ("decline", _("Be declined"), _("The bank says no. You may try again.")),
    ("duplicate", _("Pay, told twice"), _("The message to the shop is sent two times.")),
    ("delay", _("Pay, told late"), _("The message to the shop comes minutes later.")),
    ("drop", _("Pay, never told"), _("The message is lost. The shop finds out by asking.")),
    ("error_after_success", _("Pay, and the bank breaks"), _("The money is taken, then this page answers with an error.")),
    ("refund_delay", _("Pay, slow refunds"), _("If money goes back later, it takes the bank minutes.")),
    ("late", _("Pay too late"), _("A bank transfer that arrives when this page is closed. It goes back to you.")),
    ("challenge", _("Be asked once more"), _("Your bank wants to know first whether it is really you.")),
    ("dispute", _("Pay by card, then regret it"), _("Minutes later your bank takes the money back from the shop, which may defend itself.")),
]
IDENTITY = [("confirm_identity", _("Yes, it is me")), ("fail_identity", _("No, stop this payment"))]
VERDICTS = [("dispute_won", _("The shop keeps the money")), ("dispute_lost", _("The buyer gets the money back"))]
UNDECIDED = ("inquiry", "needs_response", "under_review", "lost")  # also a lost one may turn


class PayForm(forms.Form):
    method = forms.ChoiceField(choices=METHODS, initial="card", label=_("How to pay"))
    outcome = forms.ChoiceField(
        choices=[*((code, label) for code, label, _hint in OUTCOMES), *IDENTITY, *VERDICTS], initial="pay", label=_("What happens")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def payment(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the demand; or press the button and go back to the shop."""
    if not settings.SOUK.allow_sandbox:
        raise Http404
    page = sandbox_bank.page(ref)
    if request.method != "POST":
        return _page(request, page, PayForm(initial={"method": page.method or "card", "outcome": "pay"}))
    if "leave" in request.POST:
        return _back(request, page)
    form = PayForm(request.POST)
    if not form.is_valid():
        return _page(request, page, form, status=422)
    try:
        page = sandbox_bank.press(ref, at=clock.now(), **form.cleaned_data)
    except AnswerLost as lost:
        return _page(request, sandbox_bank.page(ref), form, lost=lost, status=503)
    if page.status != "open" and not form.cleaned_data["outcome"].startswith("dispute_"):
        return _back(request, page)
    return _page(request, page, form, declined=page.status == "open" and not page.challenged)


def _page(
    request: HttpRequest, page: BankPage, form: PayForm, *, declined: bool = False, lost: AnswerLost | None = None, status: int = 200
) -> HttpResponse:
    chosen = {name: form[name].value() for name in ("method", "outcome")}
    context = {"page": page, "form": form, "methods": METHODS, "outcomes": OUTCOMES, "chosen": chosen, "declined": declined, "lost": lost}
    context |= {"identity": IDENTITY if page.challenged else [], "verdicts": VERDICTS if page.dispute in UNDECIDED else []}
    return render(request, "sandbox_bank/payment.html", context, status=status)


def _back(request: HttpRequest, page: BankPage) -> HttpResponse:
    """Only to our own shop, whatever was written into the payment."""
    here = {request.get_host(), settings.SOUK.host}
    safe = url_has_allowed_host_and_scheme(page.return_url, allowed_hosts=here, require_https=request.is_secure())
    return redirect(page.return_url if safe else "/")
