"""The shop's money: what waits, what is available, what is on its way, and asking for it."""
