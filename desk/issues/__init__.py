"""Open issues at the desk: the queue, soonest first, and the decision with what the ledger will do."""
