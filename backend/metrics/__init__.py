"""Numbers for whoever watches over a market: what this server answered, and what waits in the database. Prometheus' text format.

Counts of requests live in files under SOUK_DATA/metrics, so that any of several web processes answers for all of them.
"""
