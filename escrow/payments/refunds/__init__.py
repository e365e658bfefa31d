"""Cash that goes back to a buyer through the provider. Owns the way there, its confirmation and its failure.

Never decides that there is a refund: holds and late money do, and book it into refund_pending. Announces refund_confirmed, refund_failed.
"""
