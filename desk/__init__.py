"""The door for staff: judging, moderating, paying out, and the ledger explorer."""
