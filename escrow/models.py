"""The index of this storey's tables: re-exports the models of its rooms."""

from escrow.chargebacks.models import Chargeback, ChargebackEvidence, ChargebackShare
from escrow.disputes.models import Appeal, Dispute, Exhibit, Note, Proposal, Ruling
from escrow.fees.models import CommissionPlan
from escrow.holds.models import Hold, HoldEvent, HoldPart, Issue
from escrow.late_refunds.models import LateRefund
from escrow.ledger.models import Account, LedgerProof, Posting, Seal, Transfer
from escrow.payments.models import Payment, PaymentException, ProviderMovement, Reconciliation, Refund, WebhookEvent
from escrow.payouts.models import Payout, Reserve, SellerAccount
from escrow.plans.models import Plan, PlanPart
from escrow.providers.sandbox.models import (
    SandboxAccount,
    SandboxDispute,
    SandboxEvent,
    SandboxFile,
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
    "Appeal",
    "Chargeback",
    "ChargebackEvidence",
    "ChargebackShare",
    "CommissionPlan",
    "Dispute",
    "Exhibit",
    "Hold",
    "HoldEvent",
    "HoldPart",
    "Issue",
    "LateRefund",
    "LedgerProof",
    "Note",
    "Payment",
    "PaymentException",
    "Payout",
    "Plan",
    "PlanPart",
    "Posting",
    "Proposal",
    "ProviderMovement",
    "Reconciliation",
    "Refund",
    "Reserve",
    "Ruling",
    "SandboxAccount",
    "SandboxDispute",
    "SandboxEvent",
    "SandboxFile",
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
