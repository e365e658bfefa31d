"""Sessions: where a person is signed in, and how to end it. The rows are django-allauth's (usersessions).

Announces session_ended, so that open sockets of that session can close.
"""
