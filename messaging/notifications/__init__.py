"""Notifications: one event told to one person once, in the app and by e-mail.

The words come from the room where it happened (its notices.py), already in the recipient's language.
Never decides what is worth telling. Announces notification_written.
"""
