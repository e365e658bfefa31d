"""Lives of the market on a frozen clock: people act through the real operations, time leaps, every job runs.

Owns the calendar and the acts; the demo's story and `./souk simulate` both stand on them. Never writes a row itself.
"""
