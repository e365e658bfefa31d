"""Returns that buyer and seller cannot settle after the money was paid out: the queue, one case, and the decision."""
