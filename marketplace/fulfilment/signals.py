"""What fulfilment announces, inside the transaction that wrote it."""

from django.dispatch import Signal

parcel_moved = Signal()  # shipment, event, at: the carrier said something new
