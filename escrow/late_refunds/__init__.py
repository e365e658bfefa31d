"""Money goes back to the buyer after it was paid to the seller: whole, an amount, or some lines. Owns who may give it and how long.

Takes it from the seller's earnings, and what is not there becomes a debt; our commission on it goes back too. Never gives what was given
back before or what a bank took, and moves nothing while a dispute or a chargeback is open. Announces given_back.
"""
