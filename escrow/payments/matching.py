"""Whether what the provider was paid for is what we asked for."""

from escrow.payments.models import Payment
from escrow.providers.base import ProviderPayment


def metadata_of(payment: Payment) -> dict[str, str]:
    """What travels with the payment to the provider and must come back unchanged."""
    return {"payment": payment.reference, "trade": payment.trade, "snapshot": payment.snapshot_hash}


def differences(payment: Payment, seen: ProviderPayment, *, livemode: bool) -> dict[str, list[str]]:
    """Everything that does not match, as {what: [ours, theirs]}. Empty: it is this payment, to the cent."""
    pairs = {
        "amount": (str(payment.amount_minor), str(seen.amount.amount_minor)),
        "currency": (payment.currency, seen.amount.currency),
        "livemode": (str(livemode), str(seen.livemode)),
        **{name: (value, seen.metadata.get(name, "")) for name, value in metadata_of(payment).items()},
    }
    return {name: [ours, theirs] for name, (ours, theirs) in pairs.items() if ours != theirs}
