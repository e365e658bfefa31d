"""How the price is agreed. One package per format; they share `base` and never know each other.

`registry` maps a listing's code to its format. Rooms kept free: offers, auctions, quotes, order_book.
"""
