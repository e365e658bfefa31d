"""The companies that move real money. Owns the small protocol that all of them speak here, and one adapter for each.

Speaks only money: never an order, a hold or a party. Never runs inside a caller's transaction, because what it does outside
cannot be rolled back. Announces nothing: it answers, and it sends webhooks.
"""
