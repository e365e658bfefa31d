"""Reads about cases with buyers' banks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from escrow.chargebacks.models import Chargeback, ChargebackEvidence, ChargebackShare
from escrow.chargebacks.states import State

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


def with_story(cases: QuerySet[Chargeback]) -> QuerySet[Chargeback]:
    """Cases with everything a page about one shows."""
    return cases.select_related("payment").prefetch_related(
        Prefetch("shares", ChargebackShare.objects.select_related("hold").order_by("hold_id")),
        Prefetch("evidence", ChargebackEvidence.objects.order_by("id")),
    )
