"""What providers tell us. Owns the inbox of genuine messages, each kept once and answered at once.

Never acts on what a message says: it makes somebody read the object again. Announces provider_event for objects that others own.
"""
