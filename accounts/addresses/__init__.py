"""Addresses: where a person's parcels go, written by the rules of the country they are in.

Owns the address book and the country rules (Google's address data, offline). An order keeps a copy of the data, never a link.
Announces nothing.
"""
