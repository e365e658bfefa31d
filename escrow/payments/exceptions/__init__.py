"""The queue of what only a person can judge: money that does not match, refunds that came back, movements nobody knows.

Never moves money by itself. Announces nothing; the desk reads it.
"""
