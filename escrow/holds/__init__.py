"""Money that waits. Owns a hold from the moment the buyer agrees to pay until every unit of it is with the seller or back with the buyer.

Knows two parties, an opaque trade reference, parts with amounts, and deadlines. Never knows what was bought, never talks to the
provider (payments does), never lets silence last for ever: every waiting state has a deadline that decides.
Announces hold_funded, hold_shipped, hold_delivered, hold_released, hold_refunded, hold_disputed, hold_undisputed, hold_expired,
hold_extended, hold_closed and hold_reminder_due.
"""
