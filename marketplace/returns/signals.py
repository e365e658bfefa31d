"""What returns announce, inside the transaction of the move."""

from django.dispatch import Signal

return_moved = Signal()  # asked (the Return), name of the move, at
