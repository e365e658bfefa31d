"""Signing in: our side of django-allauth. E-mail and password today, with a code that proves the address.

Owns how a new person is stored, the words of the account letters, and what the forms ask.
Still to come here: phone, social sign-in by issuer and subject, second factors, step-up. Announces nothing.
"""
