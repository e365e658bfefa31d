from django.dispatch import Signal

listing_changed = Signal()
"""`listing_id`: the public would see something else now. Sent inside the transaction of the change."""

listings_changed = Signal()
"""`listing_ids`: the same for many at once. Whoever listens to one listens to both."""
