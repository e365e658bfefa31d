"""Units of variants: counted, reserved for a trade, sold, released, put back.

One conditional UPDATE per variant decides; StockMove is the append-only ledger of units. Never knows what a trade is:
its reference is a word. Announces `units_counted`.
"""
