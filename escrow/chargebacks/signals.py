"""What chargebacks announce, with `chargeback` and `at`, inside the transaction of the move."""

from django.dispatch import Signal

chargeback_opened = Signal()
chargeback_answered = Signal()  # evidence is on its way to the bank
chargeback_won = Signal()
chargeback_lost = Signal()
chargeback_closed = Signal()  # without a decision: an inquiry that ended, or the last day of a decided case
chargeback_reminder_due = Signal()  # three days before the bank stops listening
evidence_wanted = Signal()  # chargeback, hold: a receiver answers with a mapping of evidence words, see providers.base.EVIDENCE_WORDS
