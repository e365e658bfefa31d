"""What everybody may see: home, search, categories, listings and shops.

Owns the addresses of browsing and how an answer is laid out. Never decides what is for sale or what it costs: it asks
search and the catalogue. Announces nothing.
"""
