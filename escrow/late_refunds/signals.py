"""What late refunds announce, inside the transaction of the move."""

from django.dispatch import Signal

given_back = Signal()  # hold, amount_minor, by ("seller", "staff" or "system"), reason, at
given_by_staff = Signal()  # hold, amount_minor, reason, at, actor
