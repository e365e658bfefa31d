"""Assortment: a shop's many listings as one thing: found, counted, changed together, copied.

Owns BulkChange, the record of one change to many listings and how far it has come. Never changes a listing by itself: each
one goes through the operations of its own room, in a savepoint of its own, and what cannot be changed is named. Announces nothing new.
"""
