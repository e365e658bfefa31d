"""The seller's first page: what waits today, then the figures."""
