"""What this room announces."""

from django.dispatch import Signal

notification_written = Signal()  # notification, at
