"""What this room announces."""

from django.dispatch import Signal

user_registered = Signal()  # user, at
