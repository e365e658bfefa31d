"""Reads about cases with buyers' banks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.together import remember, together
from escrow.chargebacks.models import Chargeback, ChargebackEvidence, ChargebackShare
from escrow.chargebacks.states import State
from escrow.payments.models import Refund

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Step:
    """What happens next with a case, and what silence does."""

    next_action: str
    who: str
    due_at: datetime | None
    if_silent: str
    sentence: Words
    what_happens_if_silent: Words


def next_step(case: Chargeback) -> Step:
    """Who must do what by when."""
    if case.may_answer:
        lost = _("The bank decides without hearing us, most often for the buyer.")
        return Step("answer", "staff", case.answer_by, "lapse", _("Collect what proves the delivery, and send it to the bank."), lost)
    if case.is_pending:
        return Step("wait", "bank", None, "ask_again", _("The buyer's bank is deciding."), _("Nothing moves until the bank has decided."))
    return Step("", "nobody", None, "", _("The bank has decided."), "")


def all_cases(*, state: str = "") -> QuerySet[Chargeback]:
    """For the desk: what must be answered first, then the newest."""
    found = Chargeback.objects.select_related("payment").order_by("-id")
    if state == "open":
        return found.pending().order_by("answer_by", "id")
    return found.filter(state=state) if state in State.values else found


def of_seller(seller: str) -> QuerySet[Chargeback]:
    """Cases over this seller's holds, newest first."""
    return Chargeback.objects.filter(shares__hold__seller=seller).distinct().order_by("-id")


def with_story(case: Chargeback) -> Chargeback:
    """A case that was just read, with everything that a page about it shows, in one question."""
    shares = ChargebackShare.objects.filter(chargeback=case).select_related("hold").order_by("hold_id")
    evidence = ChargebackEvidence.objects.filter(chargeback=case).order_by("id")
    refunds = Refund.objects.filter(payment=case.payment_id).order_by("id")
    together(shares, evidence, refunds)
    remember(case, "shares", shares)
    remember(case, "evidence", evidence)
    remember(case.payment, "refunds", refunds)
    return case
