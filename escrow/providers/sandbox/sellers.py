"""The sellers' side of the sandbox: their accounts, transfers from the platform, and payouts to a bank."""

from datetime import datetime, timedelta

from django.db import transaction

from core import clock, references
from core.money import Money
from escrow.providers.base import (
    Metadata,
    PayoutStatus,
    ProviderAccount,
    ProviderPayout,
    ProviderRejected,
    ProviderReversal,
    ProviderTransfer,
    TransferStatus,
)
from escrow.providers.sandbox import statement, switches
from escrow.providers.sandbox.events import emit
from escrow.providers.sandbox.models import SandboxAccount, SandboxPayout, SandboxReversal, SandboxTransfer

STATEMENT_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('sandbox statement', 7))"


def open_account(*, key: str, currency: str, country: str, metadata: Metadata) -> ProviderAccount:
    with transaction.atomic(durable=True):
        row, _made = SandboxAccount.objects.get_or_create(
            key=key,
            defaults={"ref": f"acct_{references.new()}", "currency": currency, "country": country, "metadata": dict(metadata)},
        )
    return _account(row)


def retrieve_account(ref: str) -> ProviderAccount:
    return _account(_found(ref))


def doubt(ref: str, *, ready: bool) -> None:
    """Whether money is taken for this account."""
    with transaction.atomic(durable=True):
        SandboxAccount.objects.filter(pk=_found(ref, lock=True).pk).update(ready=ready)


def believe(ref: str, *, at: datetime) -> None:
    """The seller has answered everything."""
    with transaction.atomic(durable=True):
        row = _found(ref, lock=True)
        if not row.ready:
            row.ready = True
            row.save(update_fields=["ready"])
            emit(name="account.updated", object_kind="account", object_ref=ref, at=at)


def change_bank(ref: str, *, bank: str, at: datetime) -> None:
    """The seller names another bank account at the provider."""
    with transaction.atomic(durable=True):
        row = _found(ref, lock=True)
        row.metadata = {**row.metadata, "bank": bank}
        row.save(update_fields=["metadata"])
        emit(name="account.updated", object_kind="account", object_ref=ref, at=at)


def transfer(*, key: str, account_ref: str, amount: Money, metadata: Metadata) -> ProviderTransfer:
    with transaction.atomic(durable=True):
        account = _found(account_ref, lock=True)
        row = SandboxTransfer.objects.filter(key=key).first()
        if row is None:
            row = _new_transfer(account, key=key, amount=amount, metadata=metadata)
        elif (row.account_id, row.amount_minor) != (account.pk, amount.amount_minor):
            raise ProviderRejected("key_reused", "this key was used with another transfer")
    return _transfer(row)


def _new_transfer(account: SandboxAccount, *, key: str, amount: Money, metadata: Metadata) -> SandboxTransfer:
    _allow(account, amount)
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(STATEMENT_LOCK)  # two transfers must not both spend the last cent
    at = clock.now()  # read behind the lock: a moment from before it would not see what the last holder spent
    if statement.balance(amount.currency, at).available < amount:
        raise ProviderRejected("balance_insufficient", "the platform's available balance is too low for now")
    row = SandboxTransfer.objects.create(
        ref=f"tr_{references.new()}", key=key, account=account, amount_minor=amount.amount_minor, metadata=dict(metadata)
    )
    account.balance_minor += amount.amount_minor
    account.save(update_fields=["balance_minor"])
    statement.write(kind="transfer", source_ref=row.ref, gross=-amount, at=at)
    emit(name="transfer.paid", object_kind="transfer", object_ref=row.ref, at=at)
    return row


def _allow(account: SandboxAccount, amount: Money) -> None:
    if not account.ready:
        raise ProviderRejected("account_not_ready", account.ref)
    if account.currency != amount.currency or amount.amount_minor <= 0:
        raise ProviderRejected("amount_invalid", str(amount))


def retrieve_transfer(ref: str) -> ProviderTransfer:
    row = SandboxTransfer.objects.select_related("account").filter(ref=ref).first()
    if row is None:
        raise ProviderRejected("no_such_transfer", ref)
    return _transfer(row)


def reverse_transfer(*, key: str, transfer_ref: str, amount: Money) -> ProviderReversal:
    at = clock.now()
    with transaction.atomic(durable=True):
        retrieve_transfer(transfer_ref)
        row = SandboxTransfer.objects.select_for_update().get(ref=transfer_ref)
        account = SandboxAccount.objects.select_for_update().get(pk=row.account_id)
        made = SandboxReversal.objects.filter(key=key).first()
        if made is None:
            if not 0 < amount.amount_minor <= min(row.amount_minor - row.reversed_minor, account.balance_minor):
                raise ProviderRejected("not_reversible", transfer_ref)
            made = SandboxReversal.objects.create(key=key, transfer=row, amount_minor=amount.amount_minor)
            row.reversed_minor += amount.amount_minor
            account.balance_minor -= amount.amount_minor
            row.save(update_fields=["reversed_minor"])
            account.save(update_fields=["balance_minor"])
            statement.write(kind="reversal", source_ref=_reversal_ref(made), gross=amount, at=at)
            emit(name="transfer.reversed", object_kind="transfer", object_ref=row.ref, at=at)
        elif (made.transfer_id, made.amount_minor) != (row.pk, amount.amount_minor):
            raise ProviderRejected("key_reused", "this key was used with another reversal")
    return ProviderReversal(ref=_reversal_ref(made), transfer_ref=transfer_ref, amount=amount)


def _reversal_ref(row: SandboxReversal) -> str:
    return f"trr_{row.pk}"


def payout(*, key: str, account_ref: str, amount: Money, metadata: Metadata) -> ProviderPayout:
    at = clock.now()
    with transaction.atomic(durable=True):
        account = _found(account_ref, lock=True)
        row = SandboxPayout.objects.filter(key=key).first()
        if row is None:
            _allow(account, amount)
            if account.balance_minor < amount.amount_minor:
                raise ProviderRejected("balance_insufficient", account_ref)
            account.balance_minor -= amount.amount_minor
            account.save(update_fields=["balance_minor"])
            row = SandboxPayout.objects.create(
                ref=f"po_{references.new()}",
                key=key,
                account=account,
                amount_minor=amount.amount_minor,
                status="pending",
                arrives_at=at + timedelta(seconds=switches.current().payout_seconds),
                metadata=dict(metadata),
            )
        elif (row.account_id, row.amount_minor) != (account.pk, amount.amount_minor):
            raise ProviderRejected("key_reused", "this key was used with another payout")
    return _payout(row)


def retrieve_payout(ref: str) -> ProviderPayout:
    row = SandboxPayout.objects.select_related("account").filter(ref=ref).first()
    if row is None:
        raise ProviderRejected("no_such_payout", ref)
    return _payout(row)


def land_due_payouts(at: datetime) -> int:
    """The bank's night: payouts that are due arrive, or fail and return to the seller's account."""
    refs = SandboxPayout.objects.filter(status="pending", arrives_at__lte=at).order_by("id").values_list("ref", flat=True)
    for ref in list(refs):
        _land(ref, at=at, fails=switches.strikes("payout_failure"))
    return len(refs)


def bounce_payout(ref: str, *, at: datetime) -> None:
    """A payout fails, also when it was already paid."""
    _land(ref, at=at, fails=True)


def _land(ref: str, *, at: datetime, fails: bool) -> None:
    with transaction.atomic(durable=True):
        row = SandboxPayout.objects.select_for_update().get(ref=ref)
        if row.status == "failed" or (row.status == "paid" and not fails):
            return
        row.status, row.failure = ("failed", "account_closed") if fails else ("paid", "")
        row.save(update_fields=["status", "failure"])
        if fails:
            account = SandboxAccount.objects.select_for_update().get(pk=row.account_id)
            account.balance_minor += row.amount_minor
            account.save(update_fields=["balance_minor"])
        emit(name=f"payout.{row.status}", object_kind="payout", object_ref=ref, at=at)


def _found(ref: str, *, lock: bool = False) -> SandboxAccount:
    rows = SandboxAccount.objects.select_for_update() if lock else SandboxAccount.objects.all()
    row = rows.filter(ref=ref).first()
    if row is None:
        raise ProviderRejected("no_such_account", ref)
    return row


def _account(row: SandboxAccount) -> ProviderAccount:
    missing = () if row.ready else ("identity",)
    return ProviderAccount(ref=row.ref, ready=row.ready, currency=row.currency, missing=missing, bank=row.metadata.get("bank", ""))


def _transfer(row: SandboxTransfer) -> ProviderTransfer:
    status: TransferStatus = "reversed" if row.reversed_minor == row.amount_minor else "paid"
    return ProviderTransfer(
        ref=row.ref,
        account_ref=row.account.ref,
        status=status,
        amount=Money(row.amount_minor, row.account.currency),
        reversed_minor=row.reversed_minor,
        reversals=_reversals(row) if row.reversed_minor else (),
    )


def _reversals(row: SandboxTransfer) -> tuple[ProviderReversal, ...]:
    return tuple(
        ProviderReversal(ref=_reversal_ref(one), transfer_ref=row.ref, amount=Money(one.amount_minor, row.account.currency))
        for one in row.reversals.order_by("id")
    )


def _payout(row: SandboxPayout) -> ProviderPayout:
    status: PayoutStatus = "paid" if row.status == "paid" else "failed" if row.status == "failed" else "pending"
    return ProviderPayout(
        ref=row.ref,
        account_ref=row.account.ref,
        status=status,
        amount=Money(row.amount_minor, row.account.currency),
        arrives_at=row.arrives_at,
        failure=row.failure,
    )
