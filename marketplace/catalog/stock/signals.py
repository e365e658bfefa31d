from django.dispatch import Signal

units_counted = Signal()
"""`variant_ids`, `at`: other numbers of these are on hand now (counted, sold, put back). Sent inside the transaction of the change."""
