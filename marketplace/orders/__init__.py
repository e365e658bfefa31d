"""Orders: one agreement between one buyer and one seller, with what was sold kept as it was.

Owns orders, their lines and their timeline, and the words of the notices about them. Moves money only by asking the order's hold;
never reads the ledger, never knows how a thing is handed over. Announces `order_paid`, `order_ended` and `order_moved`.
"""
