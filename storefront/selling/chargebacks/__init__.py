"""Banks that ask for money of this shop's orders: what happens, and what the shop can say."""
