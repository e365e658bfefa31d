"""A buyer's bank takes money back. Owns the case from the bank's first question to its last word: what was taken, over which holds it
is shared, what is said in defence, and who bears it in the end.

Lies over holds as an overlay and never moves a buyer's money by itself: only the provider's word does, re-read from the provider. Never
recovers what was refunded already. Announces chargeback_opened, chargeback_answered, chargeback_won, chargeback_lost, chargeback_closed
and chargeback_reminder_due, and asks evidence_wanted.
"""
