"""Holidays: a shop says from when until when it is away, and with which words; it closes and opens its doors by itself,
or goes on selling and promises to ship once it is back.

Owns `away_from`, `away_until`, `away_words` and `away_sells` of Vendor. Never decides what resting means (profiles.pause does). Announces nothing
of its own: pausing and resuming are announced by `profiles`.
"""
