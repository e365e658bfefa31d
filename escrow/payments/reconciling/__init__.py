"""Our records against the provider's, one by one: messages and lines of the statement that are missing, altered or extra here.

What is missing is taken in; what is altered or extra only a person can judge. Never changes a record. Announces nothing.
"""
