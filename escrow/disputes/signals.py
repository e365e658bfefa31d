"""What this room announces, inside the move's transaction."""

from django.dispatch import Signal

dispute_moved = Signal()  # dispute, name (of the move, or "proposal", "note", "exhibit"), side, at
facts_wanted = Signal()  # dispute; each receiver answers [(title, words)]: what the rooms above know about the trade
dispute_reminder_due = Signal()  # dispute, step (a queries.Step: whose turn it is, until when, what silence does), at
