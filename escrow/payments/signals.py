"""What payments announce. Sent inside the transaction of the fact; a failing receiver rolls it back."""

from django.dispatch import Signal

payment_succeeded = Signal()  # payment, at: once, inside the trade lock; never for late money
payment_expired = Signal()  # payment, at: it ended without money; payment.state says expired, cancelled or failed
payment_failed_try = Signal()  # payment, at: a try was declined, another may follow
refund_confirmed = Signal()  # refund, at
refund_failed = Signal()  # refund, at: also after it was confirmed
provider_event = Signal()  # kind, provider, object, at: about an object that payments do not own; a receiver answers True if it is its own
