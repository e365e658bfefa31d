"""What is for sale: the category tree, listings with their variants and versions, photos, stock.

Never decides a price (a sale format does, and tells the catalogue through `listings.terms`) and never sells.
Announces `listing_changed` whenever the public would see something else.
"""
