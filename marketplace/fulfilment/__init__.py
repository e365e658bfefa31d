"""Fulfilment: how a paid thing reaches its buyer.

Owns shipping methods, pickup places, shipments with their tracking, hand-over codes, and the carriers' adapters. Never moves money:
it tells the order that it was shipped or delivered, and on whose word. Kinds do not know each other; `registry` names them.
"""
