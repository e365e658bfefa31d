"""Stripe behind the protocol: hosted Checkout, separate charges and transfers, Express accounts, disputes. The only room that imports its SDK.

Charges the whole price to our own account and later transfers the seller's share: the commission is what is not transferred, never an
application fee. Keeps no tables: what it did is found again at Stripe, by the key that travels in every object's metadata.
"""
