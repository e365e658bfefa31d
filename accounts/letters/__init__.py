"""Letters: every e-mail of the house is a row first and is sent by a job, so that no page waits for a mail server.

Carries words and never composes them. A letter's text is forgotten as soon as it is sent, because it may hold a secret link.
Announces nothing.
"""
