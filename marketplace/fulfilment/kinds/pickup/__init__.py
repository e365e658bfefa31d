"""Pickup: a place, a code that the buyer shows and the seller enters. Both together prove the hand-over."""
