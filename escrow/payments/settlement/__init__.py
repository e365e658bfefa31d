"""The provider's statement in our books. Owns the copy of every line and the one entry that explains it.

Never computes a fee: it books what the statement says. What nobody can explain goes to suspense and before a person. Announces nothing.
"""
