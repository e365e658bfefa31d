"""Points: what a person has earned and may spend like money, as the book keeps it.

Owns the entries of earning and expiring. A point is worth one minor unit of the currency in which it was earned; the same number of points
stands in a book of their own currency. Setting aside and spending belong to held money, which uses the entries of this room.
Never decides who earns how many.
"""
