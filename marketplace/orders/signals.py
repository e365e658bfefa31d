"""What orders announce. Every signal is sent inside the move's transaction: a failing receiver rolls the move back."""

from django.dispatch import Signal

order_paid = Signal()  # order, at: the money waits; hand-over may start
order_moved = Signal()  # order, event, at: any line was added to the timeline
order_ended = Signal()  # order, at: no further move will follow
