"""Users: people who sign in, with their e-mail address as their name, their language and their time zone.

Signing in itself is django-allauth's; this room owns the row and what a person may change about it.
Never reads a request. Announces user_registered.
"""
