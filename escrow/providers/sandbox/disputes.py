"""The payers' banks: they ask the money back, hear what is said against it, and decide."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Sum

from core import clock, references, rows
from core.money import Money
from escrow.providers.base import EVIDENCE_FILES, EVIDENCE_WORDS, ProviderDispute, ProviderRejected
from escrow.providers.sandbox import charges, statement, switches
from escrow.providers.sandbox.events import emit
from escrow.providers.sandbox.models import SandboxDispute, SandboxFile, SandboxPayment

TO_ANSWER = timedelta(days=7)
UNDECIDED = ("inquiry", "needs_response", "under_review")
FILE_KINDS = frozenset({"application/pdf", "image/jpeg", "image/png"})
LARGEST_FILE = 4_500_000


def open_case(payment_ref: str, *, at: datetime, amount: Money | None = None, reason: str = "fraudulent", inquiry: bool = False) -> ProviderDispute:
    """The payer tells their bank. An inquiry only asks; anything else takes the money and a fee first. At most what is left of the payment."""
    with transaction.atomic(durable=True):
        payment = charges.locked(payment_ref)
        wanted = amount.amount_minor if amount else left_of(payment)
        if payment.status != SandboxPayment.Status.PAID or payment.method not in charges.CARDS or not 0 < wanted <= left_of(payment):
            raise ProviderRejected("not_disputable", payment_ref)
        row = SandboxDispute(
            ref=f"dp_{references.new()}",
            payment=payment,
            status="inquiry",
            reason=reason,
            amount_minor=wanted,
            opened_at=at,
            answer_by=at + TO_ANSWER,
            decides_at=at + TO_ANSWER,
        )
        if not inquiry:
            _take(row, at)
        rows.insert(row)
        emit(name="dispute.created", object_kind="dispute", object_ref=row.ref, at=at)
    return _seen(row)


def left_of(payment: SandboxPayment) -> int:
    """What was neither refunded nor taken by a bank."""
    taken = payment.disputes.exclude(status__in=("inquiry", "inquiry_closed", "won")).aggregate(total=Sum("amount_minor", default=0))["total"]
    return int(payment.amount_minor - payment.refunded_minor - taken)


def _take(row: SandboxDispute, at: datetime) -> None:
    fee = switches.current().dispute_fee_minor
    row.status, row.withdrawn_minor = "needs_response", row.amount_minor + fee
    statement.write(kind="dispute", source_ref=row.ref, gross=-Money(row.amount_minor, row.payment.currency), fee_minor=fee, at=at)


def open_due(at: datetime) -> int:
    """Payers who regret today; how many cases were opened. What was refunded meanwhile nobody asks for again."""
    opened = 0
    for ref in list(SandboxPayment.objects.filter(regretted_at__lte=at).order_by("regretted_at", "id").values_list("ref", flat=True)):
        with transaction.atomic(durable=True):
            SandboxPayment.objects.filter(ref=ref).update(regretted_at=None)
        try:
            open_case(ref, at=at)
        except ProviderRejected:
            continue
        opened += 1
    return opened


def escalate(ref: str, *, at: datetime) -> ProviderDispute:
    """An inquiry becomes a chargeback: now the money is taken."""
    with transaction.atomic(durable=True):
        row = _locked(ref)
        if row.status != "inquiry":
            raise ProviderRejected("not_an_inquiry", ref)
        if row.amount_minor > left_of(row.payment):
            raise ProviderRejected("not_disputable", ref)
        _take(row, at)
        row.answer_by = row.decides_at = at + TO_ANSWER
        row.answered_at, row.answer_key = None, ""
        row.save()
        emit(name="dispute.funds_withdrawn", object_kind="dispute", object_ref=ref, at=at)
    return _seen(row)


def upload(*, key: str, name: str, content: bytes, media_type: str) -> str:
    if media_type not in FILE_KINDS or not 0 < len(content) <= LARGEST_FILE:
        raise ProviderRejected("file_unacceptable", name)
    with transaction.atomic(durable=True):
        digest = hashlib.sha256(content).hexdigest()
        kept = {"ref": f"file_{references.new()}", "name": name[:200], "sha256": digest}
        row, _made = SandboxFile.objects.get_or_create(key=key, defaults=kept)
        if row.sha256 != digest:
            raise ProviderRejected("key_reused", "this key was used with another file")
    return row.ref


def submit(*, key: str, dispute_ref: str, words: Mapping[str, str], files: Mapping[str, str], final: bool) -> ProviderDispute:
    """What is said in defence. Final once, and in time."""
    at = clock.now()
    _refuse_strange_evidence(words, files)
    with transaction.atomic(durable=True):
        row = _locked(dispute_ref)
        if row.answer_key == key:
            return _seen(row)
        if row.status not in ("inquiry", "needs_response") or row.answered_at or row.answer_by <= at:
            raise ProviderRejected("dispute_answered", dispute_ref)
        row.words, row.files = {**row.words, **words}, {**row.files, **files}
        if final:
            row.answered_at, row.answer_key = at, key
            row.status = "inquiry" if row.status == "inquiry" else "under_review"
            row.decides_at = at + timedelta(seconds=switches.current().decision_seconds)
        row.save()
        emit(name="dispute.updated", object_kind="dispute", object_ref=row.ref, at=at)
    return _seen(row)


def _refuse_strange_evidence(words: Mapping[str, str], files: Mapping[str, str]) -> None:
    if strange := (set(words) - EVIDENCE_WORDS) | (set(files) - EVIDENCE_FILES):
        raise ProviderRejected("evidence_unknown", ", ".join(sorted(strange)))
    if SandboxFile.objects.filter(ref__in=files.values()).count() != len(set(files.values())):
        raise ProviderRejected("no_such_file", ", ".join(sorted(files.values())))


def accept(*, key: str, dispute_ref: str) -> ProviderDispute:
    """Given up. Asked twice, it is given up once."""
    return lose(dispute_ref, at=clock.now())


def decide_due(at: datetime) -> int:
    """Answered cases are decided by chance, unanswered ones are lost, inquiries come to nothing. Returns how many."""
    refs = list(SandboxDispute.objects.filter(decides_at__lte=at).order_by("decides_at", "id").values_list("ref", flat=True))
    for ref in refs:
        row = SandboxDispute.objects.get(ref=ref)
        if (row.answered_at is None and row.status != "inquiry") or (row.status != "inquiry" and switches.strikes("dispute_loss")):
            lose(ref, at=at)
        else:
            win(ref, at=at)
    return len(refs)


def win(ref: str, *, at: datetime) -> ProviderDispute:
    """For us, or the payer takes it back: what was taken returns, the fee does not. Also after it was lost, when a bank changes its mind."""
    with transaction.atomic(durable=True):
        row = _locked(ref)
        if row.status in (*UNDECIDED, "lost"):
            name = "dispute.funds_reinstated" if row.status == "lost" else "dispute.closed"
            row.status, row.decides_at = "inquiry_closed" if row.status == "inquiry" else "won", None
            if row.withdrawn_minor:
                row.returned_minor = row.amount_minor
                statement.write(kind="dispute_won", source_ref=ref, gross=Money(row.amount_minor, row.payment.currency), at=at)
            row.save()
            emit(name=name, object_kind="dispute", object_ref=ref, at=at)
    return _seen(row)


def lose(ref: str, *, at: datetime) -> ProviderDispute:
    """For the payer, who keeps it. Of an inquiry nothing remains."""
    with transaction.atomic(durable=True):
        row = _locked(ref)
        if row.status in UNDECIDED:
            row.status, row.decides_at = "inquiry_closed" if row.status == "inquiry" else "lost", None
            row.save()
            emit(name="dispute.closed", object_kind="dispute", object_ref=ref, at=at)
    return _seen(row)


def retrieve(ref: str) -> ProviderDispute:
    row = SandboxDispute.objects.select_related("payment").filter(ref=ref).first()
    if row is None:
        raise ProviderRejected("no_such_dispute", ref)
    return _seen(row)


def opened_since(since: datetime) -> list[ProviderDispute]:
    return [_seen(row) for row in SandboxDispute.objects.filter(opened_at__gte=since).select_related("payment").order_by("id")]


def _locked(ref: str) -> SandboxDispute:
    """Its payment first, as everywhere."""
    charges.locked(retrieve(ref).payment_ref)
    return SandboxDispute.objects.select_for_update(of=["self"]).select_related("payment").get(ref=ref)


def _seen(row: SandboxDispute) -> ProviderDispute:
    currency = row.payment.currency
    return ProviderDispute(
        ref=row.ref,
        payment_ref=row.payment.ref,
        status=row.status,  # type: ignore[arg-type]  # written only here, with these words
        reason=row.reason,
        amount=Money(row.amount_minor, currency),
        withdrawn=Money(row.withdrawn_minor, currency),
        returned=Money(row.returned_minor, currency),
        livemode=False,
        answer_by=row.answer_by,
        evidence_sent=row.answered_at is not None,
    )
