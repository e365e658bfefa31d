"""Parties: whoever can owe or own is one row with a public key.

A user, a guest's e-mail address, a vendor, and the platform itself. The ledger and the holds store the key and nothing else.
Never knows how a party signs in or what it sells. Announces nothing.
"""
