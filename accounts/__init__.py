"""Who you are: people, the parties behind debts and claims, addresses, tokens of machines, and the letters we send.

Staircase inside: tokens | addresses | sessions > users > parties | letters.
Rooms that are designed but still empty: phone (SMS codes), social sign-in (by issuer and subject only), second factors
(passkeys, TOTP), step-up before money moves, export and erasure. Their switches in the settings are off until they are built.
"""
