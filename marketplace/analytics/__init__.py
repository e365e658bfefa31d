"""Analytics: what a shop's sales add up to, and what things like one's own sell for. Reads only; owns no table, announces nothing."""
