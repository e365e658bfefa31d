"""Photos of listings: checked, re-encoded to AVIF and WebP in three sizes, stripped of metadata, put in order.

Nothing that was uploaded is ever served; only what this room encoded itself. Files that a listing's version shows stay for ever.
"""
