"""What payouts announce, with `payout` and `at`, inside the transaction of the move."""

from django.dispatch import Signal

payout_requested = Signal()
payout_paid = Signal()
payout_failed = Signal()
payout_returned = Signal()
payouts_frozen = Signal()  # account and at, instead of payout
