"""What this room announces."""

from django.dispatch import Signal

session_ended = Signal()  # user, session_key
