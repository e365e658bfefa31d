"""The sellers' side: Express accounts that may receive transfers, and what goes to them and comes back."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import stripe
from django.conf import settings
from stripe.params import AccountCreateParams, TransferCreateParams

from core.money import Money
from escrow.providers.base import (
    Metadata,
    PayoutStatus,
    ProviderAccount,
    ProviderPayout,
    ProviderRejected,
    ProviderReversal,
    ProviderTransfer,
)
from escrow.providers.stripe import checkout, writes
from escrow.providers.stripe.amounts import from_stripe, to_stripe
from escrow.providers.stripe.connection import client
from escrow.providers.stripe.errors import LOST_ACCOUNT, answering

# Inside this region platforms and sellers use the full agreement; across its border a seller is a mere recipient.
REGION = frozenset(
    "AT BE BG CA CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK US".split()  # noqa: SIM905
)
PAYOUT: dict[str, PayoutStatus] = {"pending": "pending", "in_transit": "pending", "paid": "paid", "failed": "failed", "canceled": "failed"}


def open_account(*, key: str, currency: str, country: str, metadata: Metadata, asked_at: datetime | None) -> ProviderAccount:
    """Stripe asks the seller's questions itself; we carry the losses and the fees, and decide when money goes to the bank."""
    params: AccountCreateParams = {
        "country": country,
        "default_currency": currency.lower(),
        "controller": {
            "stripe_dashboard": {"type": "express"},
            "fees": {"payer": "application"},
            "losses": {"payments": "application"},
            "requirement_collection": "stripe",
        },
        "capabilities": {"transfers": {"requested": True}},
        "settings": {"payouts": {"schedule": {"interval": "manual"}}},
        "metadata": writes.stamped(key, metadata),
    }
    if _is_abroad(country):
        params["tos_acceptance"] = {"service_agreement": "recipient"}
    with answering():
        account = writes.once(
            key=key,
            asked_at=asked_at,
            write=lambda options: client().v1.accounts.create(params, options),
            search=lambda: client().v1.accounts.list({"created": {"gte": writes.since(asked_at)}, "limit": 100}).auto_paging_iter(),
        )
        return _account(account, currency)


def _is_abroad(country: str) -> bool:
    home = settings.STRIPE_COUNTRY
    return bool(home) and country != home and not {home, country} <= REGION


def retrieve_account(ref: str) -> ProviderAccount:
    try:
        with answering():
            return _account(client().v1.accounts.retrieve(ref))
    except ProviderRejected as gone:
        if gone.code not in LOST_ACCOUNT:
            raise
        return ProviderAccount(ref=ref, ready=False, currency="", missing=(gone.code,))  # the seller has disconnected it from us


def _account(account: stripe.Account, currency: str = "") -> ProviderAccount:
    """Ready is who may receive transfers and send them on to a bank."""
    transfers = account.capabilities.transfers if account.capabilities else None
    needs = account.requirements
    missing = {*(needs.currently_due or ()), *(needs.past_due or ())} if needs else set()
    return ProviderAccount(
        ref=account.id,
        ready=transfers == "active" and bool(account.payouts_enabled),
        currency=(account.default_currency or currency).upper(),
        missing=tuple(sorted(missing)),
        bank=_bank(account),
    )


def _bank(account: stripe.Account) -> str:
    """Stripe's own name of the bank account or card that payouts go to: another account has another name."""
    listed = getattr(account, "external_accounts", None)
    return ",".join(sorted(each.id for each in (listed.data if listed else []) if getattr(each, "default_for_currency", False)))[:80]


def onboarding_link(*, account_ref: str, return_url: str, refresh_url: str) -> str:
    with answering():
        link = client().v1.account_links.create(
            {"account": account_ref, "type": "account_onboarding", "return_url": return_url, "refresh_url": refresh_url or return_url}
        )
        return link.url


def dashboard_link(*, account_ref: str) -> str:
    with answering():
        return client().v1.accounts.login_links.create(account_ref).url


def transfer(
    *, key: str, account_ref: str, amount: Money, metadata: Metadata, group: str, funded_by: str, asked_at: datetime | None
) -> ProviderTransfer:
    params: TransferCreateParams = {
        "amount": to_stripe(amount),
        "currency": amount.currency.lower(),
        "destination": account_ref,
        "metadata": writes.stamped(key, metadata),
    }
    if group:
        params["transfer_group"] = group
    with answering():
        if funded_by:
            params["source_transaction"] = _charge_of(funded_by)
        made = writes.once(
            key=key,
            asked_at=asked_at,
            write=lambda options: client().v1.transfers.create(params, options),
            search=lambda: _transfers_to(account_ref, asked_at),
        )
        return _transfer(made)


def _charge_of(payment_ref: str) -> str:
    charge = checkout.intent_of(payment_ref).latest_charge
    if charge is None:
        raise ProviderRejected("not_paid", payment_ref)
    return str(getattr(charge, "id", charge))


def _transfers_to(account_ref: str, asked_at: datetime | None) -> Iterator[stripe.Transfer]:
    listed = client().v1.transfers.list({"destination": account_ref, "created": {"gte": writes.since(asked_at)}, "limit": 100})
    return listed.auto_paging_iter()


def retrieve_transfer(ref: str) -> ProviderTransfer:
    with answering():
        return _transfer(client().v1.transfers.retrieve(ref))


def _transfer(made: stripe.Transfer) -> ProviderTransfer:
    """Between two Stripe balances there is no waiting: a transfer that exists has arrived."""
    return ProviderTransfer(
        ref=made.id,
        account_ref=str(getattr(made.destination, "id", made.destination) or ""),
        status="reversed" if made.reversed else "paid",
        amount=from_stripe(made.amount, made.currency),
        reversed_minor=from_stripe(made.amount_reversed, made.currency).amount_minor,
        reversals=tuple(_reversal(one, made.id) for one in _reversals_of(made.id)) if made.amount_reversed else (),
    )


def _reversals_of(transfer_ref: str) -> Iterator[Any]:
    return client().v1.transfers.reversals.list(transfer_ref, {"limit": 100}).auto_paging_iter()


def _reversal(made: Any, transfer_ref: str) -> ProviderReversal:
    return ProviderReversal(ref=made.id, transfer_ref=transfer_ref, amount=from_stripe(made.amount, made.currency))


def reverse(*, key: str, transfer_ref: str, amount: Money, metadata: Metadata, asked_at: datetime | None) -> ProviderReversal:
    with answering():
        made = writes.once(
            key=key,
            asked_at=asked_at,
            write=lambda options: client().v1.transfers.reversals.create(
                transfer_ref, {"amount": to_stripe(amount), "metadata": writes.stamped(key, metadata)}, options
            ),
            search=lambda: _reversals_of(transfer_ref),
        )
        return _reversal(made, transfer_ref)


def payout(*, key: str, account_ref: str, amount: Money, metadata: Metadata, asked_at: datetime | None) -> ProviderPayout:
    """On the seller's account. Its ref names both, because Stripe finds a payout only through its account."""
    with answering():
        made = writes.once(
            key=key,
            asked_at=asked_at,
            account=account_ref,
            write=lambda options: client().v1.payouts.create(
                {"amount": to_stripe(amount), "currency": amount.currency.lower(), "metadata": writes.stamped(key, metadata)}, options
            ),
            search=lambda: (
                client()
                .v1.payouts.list({"created": {"gte": writes.since(asked_at)}, "limit": 100}, writes.options(account=account_ref))
                .auto_paging_iter()
            ),
        )
        return _payout(made, account_ref)


def payout_ref(account_ref: str, ref: str) -> str:
    return f"{account_ref}/{ref}"


def retrieve_payout(ref: str) -> ProviderPayout:
    account_ref, _, own_ref = ref.partition("/")
    if not own_ref:
        raise ProviderRejected("resource_missing", ref)
    with answering():
        return _payout(client().v1.payouts.retrieve(own_ref, {}, writes.options(account=account_ref)), account_ref)


def _payout(made: stripe.Payout, account_ref: str) -> ProviderPayout:
    status = PAYOUT[made.status]
    return ProviderPayout(
        ref=payout_ref(account_ref, made.id),
        account_ref=account_ref,
        status=status,
        amount=from_stripe(made.amount, made.currency),
        arrives_at=datetime.fromtimestamp(made.arrival_date, UTC),
        failure=(made.failure_code or made.status) if status == "failed" else "",
    )
