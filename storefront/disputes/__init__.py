"""The pages of a dispute: one for the buyer, one for the shop, the same case with the same clock."""
