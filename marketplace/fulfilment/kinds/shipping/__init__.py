"""Shipping: the seller's methods and zones, the parcel, and the carrier's word about where it is.

Never decides that a parcel arrived: the carrier's event does, or the buyer.
"""
