"""What this room announces. All are sent inside the transaction, with `vendor` and `at`."""

from django.dispatch import Signal

vendor_opened = Signal()  # also `owner`: the rooms above add the first member and the policy
vendor_activated = Signal()
vendor_paused = Signal()
vendor_changed = Signal()
