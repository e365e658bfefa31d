"""Finds things.

Owns the question (`query`), the plan made of it (`planner`, `analysis`), the engines (`backends`) and the outbox that
keeps their index equal to what is for sale. Never does: decide what may be seen (the catalogue's `for_sale` does) or
hold a fact that is not public. Announces nothing; listens to `listing_changed`.
"""
