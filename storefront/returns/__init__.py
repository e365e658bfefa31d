"""The pages of returns: asking, one page for both sides with the same clock, and the shop's list."""
