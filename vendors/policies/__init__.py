"""Policies: what a vendor promises every buyer: how soon it ships, how long things may come back, and who pays for that.

An order freezes the promise that it was placed under. Announces nothing; a change is announced as vendor_changed.
"""
