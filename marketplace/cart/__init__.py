"""The cart: what somebody, signed in or not, thinks of buying from any number of sellers.

Owns carts and their lines. Never reserves, never promises a price: it shows today's. Checkout parks lines while a payment is awaited.
"""
