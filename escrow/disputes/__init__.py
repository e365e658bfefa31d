"""Disputes: what becomes of an issue until it is decided: talks, evidence, a ruling, one appeal.

Owns Dispute (one for each issue of a hold), what both sides propose, show and write, and the rulings. Never moves money itself: it tells
the hold how to divide what is frozen, in the words that both sides read. Announces dispute_moved, with the name of the move.
"""
