"""Checkout: one page, one payment, one order and one held payment per seller.

Owns the checkout and its arithmetic. Everything is computed on the server from what is in the basket; the total that the buyer saw
must still be the total, or they are asked again. Never touches money: it asks payments for a payment and holds for holds.
"""
