"""Fixed price: a price, a special one for a period, cheaper from a quantity on, at least so many.

Owns Price, PriceBreak and PriceChange (append-only: the 30-day lowest price before a reduction comes from it).
"""
