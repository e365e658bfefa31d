"""Analytics: what a shop's sales add up to. Reads only; owns no table, announces nothing."""
