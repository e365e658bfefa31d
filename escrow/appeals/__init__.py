"""Appeals after the money has moved: within 30 days of a ruling the buyer has it looked at once more, by somebody else of our team.

Owns the verbs of that second look (the row lies beside its dispute). Never opens the hold again: what the buyer gets in addition is a
refund after release, from the seller's balance or as a debt. Announces dispute_moved with late_appeal, late_ruling or late_lapse.
"""
