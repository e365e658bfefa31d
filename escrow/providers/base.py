"""What every payment provider can do for us, in our words. Amounts are Money, times are aware, answers are frozen.

Every write takes a deterministic `key`: asked again with the same key, a provider answers with the same object and acts once.
Providers forget keys after a day: a write that may be an older one says with `asked_at` when it was first asked, and the adapter
then looks for what it has done before it does anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from core.money import Money
from escrow.providers.methods import PaymentMethod

Metadata = Mapping[str, str]
PaymentStatus = Literal["open", "processing", "paid", "closed", "failed"]  # processing: the payer is done, the money is on its way
RefundStatus = Literal["pending", "requires_action", "succeeded", "failed"]
TransferStatus = Literal["pending", "paid", "failed", "reversed"]
PayoutStatus = Literal["pending", "paid", "failed"]
DisputeStatus = Literal["inquiry", "inquiry_closed", "needs_response", "under_review", "won", "lost", "prevented"]
MovementKind = Literal[
    "payment",
    "refund",
    "refund_failed",
    "transfer",
    "reversal",
    "dispute",  # a chargeback takes the money (and its fee)
    "dispute_won",  # and gives it back
    "fee",  # the provider's own bill
    "payout",  # from our balance to our own bank
    "payout_failed",
    "topup",  # from our own bank to our balance
    "other",
]
ObjectKind = Literal["payment", "refund", "transfer", "payout", "account", "dispute", "other"]


class ProviderError(Exception):
    """`code` is the provider's word for it."""

    def __init__(self, code: str, words: str = "") -> None:
        self.code = code
        super().__init__(f"{code} {words}".strip())


class ProviderRejected(ProviderError):
    """The provider understood and refuses: asking the same again cannot help (unless `code` is balance_insufficient)."""


class ProviderDeclined(ProviderRejected):
    """The payer's bank says no. Another try or another card may do."""


class ProviderUnavailable(ProviderError):
    """No answer. It may have acted or not: ask again with the same key."""


class SignatureInvalid(ProviderError):
    """This message was not written by the provider, or is too old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRequest:
    key: str
    amount: Money
    description: str
    return_url: str
    expires_at: datetime
    metadata: Metadata = field(default_factory=dict)
    country: str = ""  # of the payer, '' when we do not know it: it decides which methods are offered
    email: str = ""
    language: str = ""
    methods: tuple[str, ...] = ()  # only these; () means all that the provider offers for this amount and country
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderPayment:
    """A hosted payment session and its outcome. `tries_failed` counts declined attempts."""

    ref: str
    status: PaymentStatus
    amount: Money
    livemode: bool
    metadata: Metadata
    hosted_url: str
    method: str = ""
    paid_at: datetime | None = None
    tries_failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRefund:
    ref: str
    payment_ref: str
    status: RefundStatus
    amount: Money
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderAccount:
    """A seller's own account at the provider. `ready`: it may receive transfers and payouts."""

    ref: str
    ready: bool
    currency: str
    missing: tuple[str, ...] = ()
    bank: str = ""  # a name for the bank account behind it, never its number: another name means that it was changed


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderReversal:
    """Part of a transfer, back on our balance."""

    ref: str
    transfer_ref: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderTransfer:
    """From our balance to a seller's account at the same provider."""

    ref: str
    account_ref: str
    status: TransferStatus
    amount: Money
    reversed_minor: int = 0
    reversals: tuple[ProviderReversal, ...] = ()
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderPayout:
    """From a seller's account at the provider to the seller's bank. May fail after it was paid."""

    ref: str
    account_ref: str
    status: PayoutStatus
    amount: Money
    arrives_at: datetime | None = None
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderDispute:
    """The payer's bank asks the money back. An inquiry takes nothing yet; `withdrawn` is what the dispute's lines took from our balance,
    fees included, `returned` what they gave back."""

    ref: str
    payment_ref: str
    status: DisputeStatus
    reason: str
    amount: Money
    withdrawn: Money
    returned: Money
    livemode: bool
    answer_by: datetime | None = None
    evidence_sent: bool = False

    @property
    def taken(self) -> Money:
        return self.withdrawn - self.returned

    @property
    def is_open(self) -> bool:
        return self.status in ("inquiry", "needs_response", "under_review")


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceTransaction:
    """One line of our statement at the provider: gross − fee = net is what our balance moved by (negative: out).

    `source_ref` names the object: a payment by its own ref or by our reference for it, whichever the line carries.
    """

    ref: str
    kind: MovementKind
    source_ref: str
    gross: Money
    fee: Money
    created_at: datetime
    available_at: datetime

    @property
    def net(self) -> Money:
        return self.gross - self.fee


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderBalance:
    available: Money
    pending: Money

    @property
    def total(self) -> Money:
        return self.available + self.pending


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderEvent:
    """A hint that an object changed. The object itself is the truth: read it again. Kind `other` concerns nothing of ours."""

    event_id: str
    name: str
    object_kind: ObjectKind
    object_ref: str
    livemode: bool
    created_at: datetime


# What may be said about a disputed payment: words, and files that were uploaded before.
EVIDENCE_WORDS = frozenset(
    {"summary", "product_description", "customer_name", "customer_email", "customer_ip", "billing_address", "shipping_address"}
    | {"shipping_carrier", "shipping_date", "shipping_tracking_number", "service_date", "access_log", "refund_policy_shown", "refund_refusal"}
)
EVIDENCE_FILES = frozenset({"receipt", "customer_communication", "shipping_proof", "service_proof", "refund_policy", "customer_signature", "other"})


class PaymentProvider(Protocol):
    """The protocol. Called only outside transactions. Every call may raise ProviderUnavailable."""

    code: str
    livemode: bool

    def create_payment(self, request: PaymentRequest) -> ProviderPayment: ...

    def retrieve_payment(self, ref: str) -> ProviderPayment:
        """By its ref, or by another name that the provider's messages use for it: the answer carries the ref."""

    def close_payment(self, ref: str) -> ProviderPayment:
        """Close the session if it is still open. The answer says what it is now: it may have been paid meanwhile."""

    def methods(self) -> tuple[PaymentMethod, ...]:
        """The ways to pay that are switched on here, each with its limits."""

    def rail_days(self) -> int:
        """How many days money may wait on our balance between the payment and the transfer to the seller."""

    def refund(self, *, key: str, payment_ref: str, amount: Money, metadata: Metadata, asked_at: datetime | None = None) -> ProviderRefund: ...

    def retrieve_refund(self, ref: str) -> ProviderRefund: ...

    def open_account(self, *, key: str, currency: str, country: str, metadata: Metadata, asked_at: datetime | None = None) -> ProviderAccount: ...

    def retrieve_account(self, ref: str) -> ProviderAccount: ...

    def onboarding_link(self, *, account_ref: str, return_url: str, refresh_url: str = "") -> str:
        """Where a seller answers the provider's questions. It works once and soon ends: `refresh_url` makes a new one."""

    def dashboard_link(self, *, account_ref: str) -> str:
        """Where a seller sees the money and changes the bank account; '' where the provider has no such page."""

    def transfer(
        self,
        *,
        key: str,
        account_ref: str,
        amount: Money,
        metadata: Metadata,
        group: str = "",
        funded_by: str = "",
        asked_at: datetime | None = None,
    ) -> ProviderTransfer:
        """`group` is the trade; `funded_by` the one payment that this money came with: then it may leave before it has settled."""

    def retrieve_transfer(self, ref: str) -> ProviderTransfer: ...

    def reverse(
        self, *, key: str, transfer_ref: str, amount: Money, metadata: Metadata | None = None, asked_at: datetime | None = None
    ) -> ProviderReversal: ...

    def payout(self, *, key: str, account_ref: str, amount: Money, metadata: Metadata, asked_at: datetime | None = None) -> ProviderPayout: ...

    def retrieve_payout(self, ref: str) -> ProviderPayout: ...

    def retrieve_dispute(self, ref: str) -> ProviderDispute: ...

    def list_disputes(self, *, since: datetime) -> list[ProviderDispute]:
        """Those opened at `since` or later, for who missed the message."""

    def upload_evidence(self, *, key: str, name: str, content: bytes, media_type: str) -> str:
        """A file for a dispute; the answer is its ref."""

    def submit_evidence(
        self, *, key: str, dispute_ref: str, words: Mapping[str, str], files: Mapping[str, str] | None = None, final: bool = True
    ) -> ProviderDispute:
        """Answer the payer's bank, with EVIDENCE_WORDS and refs under EVIDENCE_FILES. `final` sends it: that can be done once."""

    def accept_dispute(self, *, key: str, dispute_ref: str) -> ProviderDispute:
        """Give it up: it is lost."""

    def balance(self, currency: str) -> ProviderBalance: ...

    def list_balance_transactions(self, *, since: datetime, after: str = "", limit: int = 100) -> list[BalanceTransaction]:
        """Oldest first: written at `since` or later, and after the one named `after`. Read with overlap: lines may appear late."""

    def parse_webhook(self, *, payload: bytes, signature: str, at: datetime) -> ProviderEvent: ...
