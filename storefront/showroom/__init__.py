"""The showroom: every part of the look in every state on one page, for whoever draws pages. Not open to the public.

Owns no rule and no data; what it shows is made up. Announces nothing. A new part of `_parts/` or of the stylesheets is shown here first.
"""
