"""The book. Owns accounts, transfers and postings, and the rule that money is never made, lost or edited.

Never knows why money moves: holds, payments and payouts say so in their entries.
Never changes a sealed transfer: a mistake is corrected by another transfer. Announces nothing.
"""
