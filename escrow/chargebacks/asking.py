"""Asking the provider about cases. Never inside a transaction; what it answers goes the way of every message."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import structlog

from core.actors import SYSTEM
from core.errors import Refusal
from escrow.chargebacks import operations as chargebacks
from escrow.chargebacks.models import Chargeback
from escrow.payments.signals import provider_event
from escrow.providers import registry
from escrow.providers.base import ProviderDispute, ProviderError

LOOK_BACK: Final = timedelta(days=3)  # cases whose message never came
LOOK_AGAIN: Final = timedelta(hours=6)
log = structlog.get_logger(__name__)


def follow(*, at: datetime) -> int:
    """One round; how many cases were read."""
    read = 0
    for code in registry.codes():
        read += _find_unknown(code, at)
    for case in Chargeback.objects.pending().filter(looked_at__lte=at - LOOK_AGAIN).order_by("looked_at")[:500]:
        read += look(case=case, at=at)
    for case in Chargeback.objects.to_remind(at).select_related("payment"):
        chargebacks.remind(case=case, at=at)
    for case in Chargeback.objects.due(at).select_related("payment"):
        chargebacks.pass_time(case=case, at=at, actor=SYSTEM)
    return read


def look(*, case: Chargeback, at: datetime) -> bool:
    """Read one case again; False when the provider does not answer."""
    try:
        _tell(case.provider, registry.get(case.provider).retrieve_dispute(case.ref), at)
    except (ProviderError, Refusal) as problem:
        log.warning("chargeback_not_read", chargeback=case.reference, problem=str(problem))
        return False
    return True


def _find_unknown(code: str, at: datetime) -> int:
    try:
        listed = registry.get(code).list_disputes(since=at - LOOK_BACK)
    except ProviderError as problem:
        log.warning("chargebacks_not_listed", provider=code, problem=str(problem))
        return 0
    known = set(Chargeback.objects.filter(provider=code, ref__in=[said.ref for said in listed]).values_list("ref", flat=True))
    unknown = [said for said in listed if said.ref not in known]
    for said in unknown:
        _tell(code, said, at)
    return len(unknown)


def _tell(code: str, said: ProviderDispute, at: datetime) -> None:
    provider_event.send(sender=Chargeback, kind="dispute", provider=code, object=said, at=at)
