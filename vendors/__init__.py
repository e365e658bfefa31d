"""Who sells: individuals and businesses, the people who work for them, and their promises to buyers.

Staircase inside: members | policies > profiles. Verification of traders (documents, checks by staff) is a room still to be built.
"""
