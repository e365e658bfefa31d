"""What the market takes. Owns commission plans and their arithmetic.

Never moves money and never looks a rate up twice for one sale: the rate freezes on the hold's parts. Announces nothing.
"""
