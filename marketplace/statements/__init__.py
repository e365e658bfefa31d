"""Statements: a shop's money month by month, in its own time zone, straight from the ledger.

Owns Statement, which closes a month: what it began and ended with, and the invoice for our commission. Never moves money and keeps no
row of a month: the ledger's are immutable, so they are read again. Announces nothing.
"""
