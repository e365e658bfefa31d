"""What this room announces."""

from django.dispatch import Signal

member_joined = Signal()  # member, at
member_left = Signal()  # vendor, user, at
