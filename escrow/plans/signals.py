"""What this room announces. Sent inside the move's transaction, under the trade's lock."""

from django.dispatch import Signal

part_paid = Signal()  # plan, part, at: a part after the first is held
part_reminder_due = Signal()  # plan, part, which: "before" | "on" | "after", at
part_extended = Signal()  # plan, part, at
part_handed_over = Signal()  # plan, part, at: a milestone, by the seller's word
part_ended = Signal()  # plan, part, at: its hold was decided
plan_ended = Signal()  # plan, at: cancelled or missed; sent before its money moves
plan_settled = Signal()  # plan, at: nothing is asked for or held any more
