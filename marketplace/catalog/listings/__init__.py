"""Listings: what is offered, in its variants and versions, from draft to removed.

Owns Listing, Variant and ListingVersion (immutable: an order keeps what was sold). The price is the sale format's
business: it tells the catalogue its terms through `terms`. Announces `listing_changed`.
"""
