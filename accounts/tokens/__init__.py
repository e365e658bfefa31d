"""API tokens: how a person's programs sign in. Stored as a fingerprint, limited to scopes, and always ending some day.

A session key is never a token and a token never opens a session. Announces nothing.
"""
