"""The index of this storey's tables: re-exports the models of its rooms."""

from escrow.chargebacks.models import Chargeback, ChargebackEvidence, ChargebackShare
from escrow.fees.models import CommissionPlan
from escrow.holds.models import Hold, HoldEvent, HoldPart, Issue
from escrow.ledger.models import Account, LedgerProof, Posting, Seal, Transfer
from escrow.payments.models import Payment, PaymentException, ProviderMovement, Refund, WebhookEvent
from escrow.payouts.models import Payout, Reserve, SellerAccount
from escrow.plans.models import Plan, PlanPart
from escrow.providers.sandbox.models import (
    SandboxAccount,
    SandboxEvent,
    SandboxMovement,
    SandboxPayment,
    SandboxPayout,
    SandboxRefund,
    SandboxReversal,
    SandboxSwitches,
    SandboxTransfer,
)

__all__ = [
    "Account",
    "Chargeback",
    "ChargebackEvidence",
    "ChargebackShare",
    "CommissionPlan",
    "Hold",
    "HoldEvent",
    "HoldPart",
    "Issue",
    "LedgerProof",
    "Payment",
    "PaymentException",
    "Payout",
    "Plan",
    "PlanPart",
    "Posting",
    "ProviderMovement",
    "Refund",
    "Reserve",
    "SandboxAccount",
    "SandboxEvent",
    "SandboxMovement",
    "SandboxPayment",
    "SandboxPayout",
    "SandboxRefund",
    "SandboxReversal",
    "SandboxSwitches",
    "SandboxTransfer",
    "Seal",
    "SellerAccount",
    "Transfer",
    "WebhookEvent",
]
