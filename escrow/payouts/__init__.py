"""Money on its way to sellers. Owns a seller's account at the provider and every payout: asked, sent, confirmed, paid, or returned.

Never pays more than is available, never believes an answer that did not come (asks again with the same key), and never calls a
payout paid because a call returned. Announces payout_paid, payout_failed and payout_returned.
"""
