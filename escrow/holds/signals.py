"""What this room announces. Sent inside the move's transaction, with `hold` and `at`; a failing receiver takes the move back."""

from django.dispatch import Signal

hold_funded = Signal()
hold_expired = Signal()
hold_shipped = Signal()
hold_delivered = Signal()
hold_extended = Signal()
hold_released = Signal()  # also amount_minor, final
hold_refunded = Signal()  # also amount_minor, final, reason
hold_disputed = Signal()  # also issue
hold_undisputed = Signal()  # also issue
issue_resolved = Signal()  # also issue: however it ended
hold_closed = Signal()
hold_reminder_due = Signal()  # also which: "ship" | "arrival" | "inspection"
hold_charged_back = Signal()  # also cash_minor, final: the buyer's bank took it for good
