"""The demo market: people, shops, goods, pictures and a year of life, the same for the same seed.

Drives the real operations of every storey, exactly as people would; writes no row of its own.
It lives in `backend` because only the top floor may know everybody.
"""
